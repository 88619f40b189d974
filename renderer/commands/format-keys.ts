/** Keys as they are printed on a keyboard. */
export function formatKeys(keys: string, isMac = /Mac/.test(navigator.userAgent)): string {
  return keys
    .split(' ')
    .map(key => key.replace('$mod', isMac ? 'Cmd' : 'Ctrl').replaceAll('+', ' '))
    .join(' then ')
}
