/** Where to go after signing in: a path of ours, whatever the address asks for. */
export function localPath(text: string | undefined): string {
  if (text === undefined || !/^\/(?![/\\])/.test(text) || text.startsWith('/sign-in')) return '/';
  return text;
}
