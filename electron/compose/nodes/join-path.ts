/** Whether a path needs no folder to start from, on Unix or on Windows. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || isWindowsPath(path)
}

/** A path below a folder, without `.` and `..`, in the way in which the folder is written; an absolute path stays. */
export function joinPath(folder: string, path: string): string {
  if (isAbsolutePath(path)) return path
  return cleanPath(`${folder}${separatorOf(folder)}${path}`)
}

/** A path in a container without `.`, `..` and doubled separators; a colon is a letter like any other there. */
export function cleanContainerPath(path: string): string {
  return clean(path, '/', path.startsWith('/') ? '/' : '')
}

/** A path without `.`, `..` and doubled separators. */
export function cleanPath(path: string): string {
  return clean(path, separatorOf(path), rootOf(path))
}

function clean(path: string, separator: '/' | '\\', root: string): string {
  const parts: string[] = []
  for (const part of path.slice(root.length).split(separator === '\\' ? /[\\/]/ : '/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (root === '') parts.push(part)
  }
  const start = separator === '\\' ? root.replaceAll('/', '\\') : root
  return `${start}${parts.join(separator)}` || '.'
}

/** The folder that holds a file. */
export function folderOf(path: string): string {
  return cleanPath(`${path}${separatorOf(path)}..`)
}

/** The last part of a path. */
export function baseName(path: string): string {
  const parts = cleanPath(path)
    .slice(rootOf(path).length)
    .split(separatorOf(path) === '\\' ? /[\\/]/ : '/')
  return parts.at(-1) ?? ''
}

/** Whether a path has a drive letter or names a share. */
function isWindowsPath(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\')
}

function separatorOf(path: string): '/' | '\\' {
  return isWindowsPath(path) ? '\\' : '/'
}

function rootOf(path: string): string {
  const root = /^(?:[A-Za-z]:[\\/]|\\\\[^\\/]+[\\/][^\\/]+[\\/]?|\/)/.exec(path)
  return root?.[0] ?? ''
}
