import type { Readable } from 'node:stream'

/** The end of what a process has written. */
export interface OutputTail {
  read(): string
}

const placeholder = '***'

/** Keeps the last bytes of a stream, whatever its length, and takes secrets out of them. */
export function createOutputTail(stream: Readable, bytes: number, secrets: readonly string[]): OutputTail {
  const forms = listForms(secrets)
  const longest = forms.reduce((most, form) => Math.max(most, Buffer.byteLength(form)), 0)
  // Room for a secret that stands across the cut, at either side.
  const room = bytes + 2 * longest
  let kept = Buffer.alloc(0)
  let cut = false
  stream.on('data', (chunk: Buffer) => {
    const joined = Buffer.concat([kept, chunk])
    cut ||= joined.length > room
    kept = joined.subarray(Math.max(0, joined.length - room))
  })
  stream.on('error', () => undefined)
  return {
    read() {
      const text = removeSecrets(kept.toString('utf8'), forms)
      // The first characters may be the end of a secret whose beginning is gone.
      return takeLastBytes(cut ? text.slice(longest) : text, bytes)
    },
  }
}

/** Replaces every secret, as it is and as it looks in a URL or in JSON. */
function removeSecrets(text: string, forms: readonly string[]): string {
  return forms.reduce((cleaned, form) => cleaned.replaceAll(form, placeholder), text)
}

function listForms(secrets: readonly string[]): readonly string[] {
  const forms = secrets
    .filter(secret => secret !== '')
    .flatMap(secret => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
  // The longest first: one secret can be a part of another.
  return [...new Set(forms)].sort((a, b) => b.length - a.length)
}

function takeLastBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text)
  if (encoded.length <= bytes) return text
  // A character that was cut in two is left out.
  return encoded
    .subarray(encoded.length - bytes)
    .toString('utf8')
    .replace(/^\ufffd+/, '')
}
