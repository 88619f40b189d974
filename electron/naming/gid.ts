/** What a prepared transaction's identifier says about where it belongs. */
export interface GidParts {
  readonly runId: string
  readonly group: string
  readonly tenant: string
}

/** PostgreSQL refuses identifiers of 200 bytes and more. */
const longestGid = 199
const longestRunId = 40
const longestGroupInLongGid = 33

/**
 * Names the prepared transaction of one tenant: ASCII, shorter than 200 bytes, different for different tenants.
 *
 * Where the names are too long together the group is cut, with a hash in place of the rest; the tenant stays
 * whole up to 63 bytes, which is what a database name can have.
 */
export function gidFor(runId: string, group: string, tenant: string): string {
  const run = shorten(escapeName(runId), longestRunId)
  const plain = `lockstep:${run}:${escapeName(group)}:${escapeName(tenant)}`
  if (plain.length <= longestGid) return plain
  const start = `lockstep:${run}:${shorten(escapeName(group), longestGroupInLongGid)}:`
  const room = longestGid - start.length
  const escaped = escapeName(tenant)
  if (escaped.length <= room) return start + escaped
  const packed = `=${encodeBase64(bytesOf(tenant))}`
  return start + (packed.length <= room ? packed : shorten(escaped, room))
}

/** Reads an identifier back; null when it is not one of ours. What was cut comes back as it was cut. */
export function parseGid(gid: string): GidParts | null {
  const [word, run, group, tenant, ...rest] = gid.split(':')
  if (word !== 'lockstep' || !run || !group || !tenant || rest.length > 0) return null
  try {
    return { runId: readName(run), group: readName(group), tenant: readName(tenant) }
  } catch {
    return null
  }
}

/** Half of a surrogate pair has no UTF-8 form, and `encodeURIComponent` throws on it. */
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function escapeName(name: string): string {
  return encodeURIComponent(name.replace(loneSurrogate, '\ufffd')).replace(
    /[!'()*~]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function readName(part: string): string {
  // A cut name may end inside a character, so it is not decoded.
  if (part.includes('~')) return part
  if (!part.startsWith('=')) return decodeURIComponent(part)
  const escaped = decodeBase64(part.slice(1)).map(byte => `%${byte.toString(16).padStart(2, '0')}`)
  return decodeURIComponent(escaped.join(''))
}

/** Cuts to a length; the end is then `~` and the hash of the whole, which no uncut name can contain. */
function shorten(escaped: string, length: number): string {
  if (escaped.length <= length) return escaped
  return `${escaped.slice(0, length - 17)}~${hashOf(escaped)}`
}

/** FNV-1a, 64 bits: not a defence against anyone, only a short name for a long one. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (let index = 0; index < text.length; index += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}

function bytesOf(name: string): readonly number[] {
  const parts = escapeName(name).match(/%[0-9A-F]{2}|[^%]/g) ?? []
  return parts.map(part => (part.startsWith('%') ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)))
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function encodeBase64(bytes: readonly number[]): string {
  const bits = bytes.map(byte => byte.toString(2).padStart(8, '0')).join('')
  const sextets = bits.match(/.{1,6}/g) ?? []
  return sextets.map(sextet => digits.charAt(Number.parseInt(sextet.padEnd(6, '0'), 2))).join('')
}

function decodeBase64(text: string): readonly number[] {
  const bits = [...text].map(digit => {
    const value = digits.indexOf(digit)
    if (value < 0) throw new Error('not a digit of base 64')
    return value.toString(2).padStart(6, '0')
  })
  const octets = bits.join('').match(/.{8}/g) ?? []
  return octets.map(octet => Number.parseInt(octet, 2))
}
