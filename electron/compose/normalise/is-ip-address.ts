/** Whether a text is an IPv4 or IPv6 address. */
export function isIpAddress(text: string): boolean {
  return isVersion4(text) || isVersion6(text)
}

function isVersion4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)
}

function isVersion6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2 || !text.includes(':')) return false
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  const endsInVersion4 = last.includes('.')
  if (endsInVersion4 && !isVersion4(last)) return false
  const plain = endsInVersion4 ? groups.slice(0, -1) : groups
  if (!plain.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  const count = plain.length + (endsInVersion4 ? 2 : 0)
  return halves.length === 2 ? count < 8 : count === 8
}
