/** Looks up what a reference stands for; undefined when it stands for nothing. */
export interface ReferenceLookup {
  readonly env: (name: string) => string | undefined
  readonly file: (path: string) => string | undefined
}

/** A reference that could not be resolved. */
export interface MissingReference {
  readonly reference: string
}

const reference = /\$\{(env|file):([^}]+)\}/g

/** Replaces `${env:NAME}` and `${file:PATH}` in one value; the first that stands for nothing is returned instead. */
export function resolveReferences(value: string, lookup: ReferenceLookup): string | MissingReference {
  let missing: MissingReference | null = null
  const resolved = value.replace(reference, (whole, kind: string, name: string) => {
    const found = kind === 'env' ? lookup.env(name) : lookup.file(name)?.replace(/\r?\n$/, '')
    if (found === undefined) missing ??= { reference: whole }
    return found ?? ''
  })
  return missing ?? resolved
}
