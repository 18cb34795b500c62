/** A release of the Temporal command line program, and the server inside it. */
export interface TemporalVersions {
  readonly program: string;
  readonly server: string;
  /** SHA-256 of the official archives, by `<platform>_<arch>` as the archives spell them; what is not here is asked of the release. */
  readonly archives: Readonly<Record<string, string>>;
}

/**
 * The one pair that this version of Mainstay is made for. The digests are the ones that other projects pin for the same archives, two
 * of them for each.
 */
export const temporalVersions: TemporalVersions = {
  program: '1.8.2',
  server: '1.31.2',
  archives: {
    linux_amd64: 'd8421bda989e6514b4bdb4d63a9012a8a05a806892e881a5aad8510496349a94',
    linux_arm64: '83600a8fac6e3da54093e5da6918d399f501532b9f1172235603f9606f4ac6e4',
    darwin_amd64: '489d7f5420cae02b559774ac23df035141954c33a51dba96f5759a0ddccdf1b6',
    darwin_arm64: 'dacdc3587682c04cf27e67c8878ca2d755230b6ad63c0c6ebddd7348ae90ed94',
  },
};
