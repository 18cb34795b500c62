/** A browser without a screen: it keeps cookies and follows redirects, one step at a time. */
export interface Step {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface Going {
  /** Sent as a form. Absent: GET. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where to stop instead of going on: at a redirect that leads there. */
  readonly until?: (url: string) => boolean;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

const mostRedirects = 20;

export class WalkingBrowser {
  readonly cookies = new Map<string, Cookie>();

  /** Answers the page where the redirects end, or the redirect at which it was told to stop. */
  async go(address: string, { form, headers = {}, until = () => false }: Going = {}): Promise<Step> {
    let step = await this.#request(address, { headers, ...(form === undefined ? {} : { form }) });
    for (let count = 0; count < mostRedirects; count += 1) {
      const location = step.headers.get('location');
      if (location === null) return step;
      const next = new URL(location, step.url).href;
      if (until(next)) return step;
      step = await this.#request(next, { headers });
    }
    throw new Error(`Cannot go to "${address}": redirected for ever`);
  }

  /** The `action` of the form of a page, in full. */
  static formAction({ body, url }: Step): string {
    const action = /<form[^>]* action="([^"]+)"/.exec(body)?.[1];
    if (action === undefined) throw new Error(`Cannot find a form at "${url}": ${body.slice(0, 500)}`);
    return new URL(action, url).href;
  }

  async #request(
    url: string,
    { form, headers }: Required<Pick<Going, 'headers'>> & Pick<Going, 'form'>,
  ): Promise<Step> {
    const { pathname } = new URL(url);
    const sent = [...this.cookies].filter(
      ([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')) || path === '/',
    );
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { ...headers, cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const header of response.headers.getSetCookie()) this.#keep(header);
    return { url, status: response.status, headers: response.headers, body: await response.text() };
  }

  #keep(header: string): void {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const found = (attribute: string): string | undefined =>
      attributes.find((each) => each.toLowerCase().startsWith(`${attribute}=`))?.slice(attribute.length + 1);
    const expires = found('expires');
    const isOver = found('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
    if (isOver) this.cookies.delete(name);
    else this.cookies.set(name, { value, path: found('path') ?? '/' });
  }
}

/** Signs in at the pages of the provider, and consents; answers the redirect that leads back, or the page where it ended. */
export async function signInAtProvider(
  browser: WalkingBrowser,
  start: string,
  { login, until }: { readonly login: string; readonly until?: (url: string) => boolean },
): Promise<Step> {
  const going = until === undefined ? {} : { until };
  const loginPage = await browser.go(start, going);
  if (!loginPage.body.includes('<form')) return loginPage;
  const consentPage = await browser.go(WalkingBrowser.formAction(loginPage), {
    ...going,
    form: { prompt: 'login', login, password: 'x' },
  });
  if (!consentPage.body.includes('<form')) return consentPage;
  return browser.go(WalkingBrowser.formAction(consentPage), { ...going, form: { prompt: 'consent' } });
}
