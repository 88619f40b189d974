import { posix } from 'node:path'
import { findImports } from './find-imports.ts'

/** One floor of the building: a folder, and what its files may import. */
export interface Floor {
  readonly folder: string
  /** Folders whose files it may import, besides its own. */
  readonly imports: readonly string[]
  /** Whether Node's own modules are allowed. */
  readonly node: boolean
}

export interface FloorRules {
  /** The first floor whose folder holds a file is the file's floor. A folder that ends in `/*` is a floor for each folder in it. */
  readonly floors: readonly Floor[]
  /** Every package that product code may import, and the folders that may. */
  readonly packages: Readonly<Record<string, readonly string[]>>
  /** The only folders and files from which the process may be ended. */
  readonly exitsFrom: readonly string[]
  /** The only file that may work out what it imports. */
  readonly launcher: string
  /** Files from which nothing may lead to a package. */
  readonly unreachable: readonly { readonly from: string; readonly name: string }[]
  readonly longestFile: number
}

/** Texts by path, relative to the repository. */
export type SourceFiles = Readonly<Record<string, string>>

interface Link {
  readonly file: string
  readonly line: number
  readonly specifier: string
  /** A path of the repository, or null for a package. */
  readonly target: string | null
}

/** Everything that breaks a rule, as `file:line: why`. */
export function checkFloors(files: SourceFiles, rules: FloorRules): readonly string[] {
  const links: Link[] = []
  const problems: string[] = []
  for (const [file, text] of Object.entries(files)) {
    for (const { specifier, line } of findImports(text)) {
      if (specifier === null) {
        if (file !== rules.launcher) problems.push(`${file}:${line}: an import must name what it imports`)
      } else links.push({ file, line, specifier, target: resolveTarget(file, specifier) })
    }
    problems.push(...checkText(file, text, rules))
  }
  const builtFiles = new Set(Object.keys(files))
  return [
    ...problems,
    ...links.flatMap(link => checkLink(link, rules) ?? []),
    ...findCycles(links.filter(link => link.target !== null && builtFiles.has(link.target))),
    ...rules.unreachable.flatMap(({ from, name }) => findWay(links, from, name)),
  ].sort()
}

function resolveTarget(file: string, specifier: string): string | null {
  return /^\.\.?(\/|$)/.test(specifier) ? posix.join(posix.dirname(file), specifier) : null
}

function checkText(file: string, text: string, rules: FloorRules): readonly string[] {
  const lines = text.split('\n')
  const problems: string[] = []
  const length = text.endsWith('\n') ? lines.length - 1 : lines.length
  if (length > rules.longestFile) {
    problems.push(`${file}:${length}: a file has at most ${rules.longestFile} lines`)
  }
  for (const [index, line] of lines.entries()) {
    if (/\bprocess\s*\.\s*exit\s*\(/.test(line) && !rules.exitsFrom.some(place => isIn(file, place))) {
      problems.push(`${file}:${index + 1}: only ${rules.exitsFrom.join(', ')} may end the process`)
    }
    if (/\bAbortSignal\s*\.\s*timeout\s*\(/.test(line)) {
      problems.push(
        `${file}:${index + 1}: a deadline of AbortSignal.timeout may be lost; withDeadline keeps it`,
      )
    }
  }
  return problems
}

function checkLink(link: Link, rules: FloorRules): string | null {
  const place = `${link.file}:${link.line}`
  const floor = findFloor(link.file, rules)
  if (!floor) return `${place}: ${link.file} stands on no floor`
  if (link.target !== null) {
    const allowed = [floor.own, ...floor.imports]
    if (allowed.some(folder => isIn(link.target ?? '', folder))) return null
    return `${place}: ${floor.own} imports ${link.target}; it may import ${allowed.join(', ')}`
  }
  if (link.specifier.startsWith('node:')) {
    return floor.node
      ? null
      : `${place}: ${floor.own} imports ${link.specifier}; it may not import modules of Node`
  }
  const name = link.specifier
    .split('/')
    .slice(0, link.specifier.startsWith('@') ? 2 : 1)
    .join('/')
  const folders = rules.packages[name]
  if (!folders) return `${place}: the package ${name} is on no floor's list`
  if (folders.some(folder => isIn(link.file, folder))) return null
  return `${place}: the package ${name} is imported by ${folders.join(', ')} only`
}

function findFloor(file: string, rules: FloorRules): (Floor & { readonly own: string }) | null {
  for (const floor of rules.floors) {
    if (!floor.folder.endsWith('/*')) {
      if (isIn(file, floor.folder)) return { ...floor, own: floor.folder }
      continue
    }
    const parent = floor.folder.slice(0, -2)
    const [child, ...rest] = isIn(file, parent) ? file.slice(parent.length + 1).split('/') : []
    if (child !== undefined && rest.length > 0) return { ...floor, own: `${parent}/${child}` }
  }
  return null
}

function isIn(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`)
}

/** Each file that can reach itself, named once per cycle. */
function findCycles(links: readonly Link[]): readonly string[] {
  const problems: string[] = []
  const done = new Set<string>()
  const visit = (file: string, way: readonly Link[]): void => {
    const start = way.findIndex(link => link.file === file)
    if (start >= 0) {
      const cycle = way.slice(start)
      const [first] = cycle
      const names = [...cycle.map(link => link.file), file].join(' -> ')
      if (first) problems.push(`${first.file}:${first.line}: a cycle of imports: ${names}`)
      return
    }
    if (done.has(file)) return
    for (const link of links.filter(candidate => candidate.file === file))
      visit(link.target ?? '', [...way, link])
    done.add(file)
  }
  for (const { file } of links) visit(file, [])
  return problems
}

/** The way from a file to a package, when there is one. */
function findWay(links: readonly Link[], from: string, name: string): readonly string[] {
  const ways: (readonly Link[])[] = links.filter(link => link.file === from).map(link => [link])
  const seen = new Set([from])
  for (let way = ways.pop(); way; way = ways.pop()) {
    const last = way.at(-1)
    if (!last) continue
    if (last.target === null && (last.specifier === name || last.specifier.startsWith(`${name}/`))) {
      const names = way.map(link => link.file).join(' -> ')
      return [`${last.file}:${last.line}: ${from} must load without ${name}, and imports it through ${names}`]
    }
    if (last.target === null || seen.has(last.target)) continue
    seen.add(last.target)
    for (const link of links.filter(candidate => candidate.file === last.target)) ways.push([...way, link])
  }
  return []
}
