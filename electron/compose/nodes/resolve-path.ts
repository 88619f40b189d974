import { isAbsolutePath, joinPath } from './join-path.ts'

/** Where relative paths of a file start, and what `~` stands for. */
export interface PathBase {
  readonly folder: string
  /** Null: the home folder is not known, and `~` stays. */
  readonly home: string | null
}

/** The absolute path that a Compose file means. */
export function resolvePath(base: PathBase, path: string): string {
  if (path === '') return path
  const expanded =
    path.startsWith('~') && base.home !== null ? joinPath(base.home, `.${path.slice(1)}`) : path
  return isAbsolutePath(expanded) ? expanded : joinPath(base.folder, expanded)
}

/** The same for the context of a build, which may be an address as well. */
export function resolveContext(base: PathBase, context: string): string {
  const isRemote = context.includes('://') || /^(?:service:|github\.com\/|git@)/.test(context)
  return isRemote ? context : resolvePath(base, context)
}
