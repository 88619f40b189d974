/** An image reference in its parts; what is not said is Docker Hub's library and `latest`. */
export interface ImageName {
  /** `docker.io` unless the reference names a registry. */
  readonly registry: string
  /** `library/postgres`, `bitnami/postgresql`. */
  readonly repository: string
  readonly tag: string
  readonly digest: string | null
}

/** Takes an image reference apart. */
export function parseImageName(reference: string): ImageName {
  const [named = '', digest = null] = reference.split('@', 2)
  const slash = named.lastIndexOf('/')
  const colon = named.indexOf(':', slash + 1)
  const path = (colon < 0 ? named : named.slice(0, colon)).split('/')
  const [first = ''] = path
  const hasRegistry = path.length > 1 && (/[.:]/.test(first) || first === 'localhost')
  const rest = hasRegistry ? path.slice(1) : path
  return {
    registry: hasRegistry && first !== 'index.docker.io' ? first : 'docker.io',
    repository: rest.length === 1 && !hasRegistry ? `library/${rest[0]}` : rest.join('/'),
    tag: colon < 0 ? 'latest' : named.slice(colon + 1),
    digest,
  }
}

/** The words of the last part of an image's name: `percona-distribution-postgresql` gives three. */
export function imageWords(reference: string): readonly string[] {
  const last = parseImageName(reference).repository.split('/').at(-1) ?? ''
  return last.toLowerCase().split(/[-_.]+/)
}

/** Whether two references may name the same image. A bare id says nothing against it. */
export function mayBeSameImage(one: string, other: string): boolean {
  if (isBareId(one) || isBareId(other)) return true
  const [a, b] = [parseImageName(one), parseImageName(other)]
  if (a.registry !== b.registry || a.repository !== b.repository) return false
  if (a.digest !== null && b.digest !== null) return a.digest === b.digest
  if (a.digest !== null || b.digest !== null) return true
  return a.tag === b.tag
}

function isBareId(reference: string): boolean {
  return /^(sha256:)?[0-9a-f]{12,64}$/.test(reference)
}
