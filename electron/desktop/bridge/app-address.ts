/** The scheme of the dashboard's own files. */
export const appScheme = 'app'

/** Where the dashboard's page is. */
export const appAddress = `${appScheme}://lockstep/`

/** Says whether an address is the dashboard's own. */
export function isAppAddress(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed?.protocol === `${appScheme}:` && parsed.host === 'lockstep'
}
