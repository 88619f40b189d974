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
  /** Modules of Node that are wrapped once: the only folders and files that may import them, and what the others call. */
  readonly wrapped: Readonly<Record<string, { readonly by: readonly string[]; readonly call: string }>>
  /** The only folders and files from which the process may be ended. */
  readonly exitsFrom: readonly string[]
  /** The only file that may work out what it imports. */
  readonly launcher: string
  /** Files from which nothing may lead to a package. */
  readonly unreachable: readonly { readonly from: string; readonly name: string }[]
  readonly longestFile: number
  /** How many files may lie loose in one folder; style sheets belong to the file beside them. */
  readonly fullestFolder: number
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
  return [
    ...problems,
    ...links.flatMap(link => checkLink(link, rules) ?? []),
    ...findKnots(files),
    ...countLoose(Object.keys(files), rules),
    ...rules.unreachable.flatMap(({ from, name }) => findWay(links, from, name)),
  ].sort()
}

/** Cycles of imports, between files and between folders, as `file:line: which`. */
export function findKnots(sources: SourceFiles): readonly string[] {
  const links = Object.entries(sources).flatMap(([file, text]) =>
    findImports(text).flatMap(({ specifier, line }) => {
      const target = specifier === null ? null : resolveTarget(file, specifier)
      return specifier !== null && target !== null && target in sources
        ? [{ file, line, specifier, target }]
        : []
    }),
  )
  const files = links.map(link => ({ from: link.file, to: link.target, link }))
  const folders = new Map<string, Arrow>()
  for (const arrow of files) {
    const [from, to] = [posix.dirname(arrow.from), posix.dirname(arrow.to)]
    if (from !== to) folders.set(`${from} ${to}`, folders.get(`${from} ${to}`) ?? { ...arrow, from, to })
  }
  return [
    ...findCycles(files).flatMap(cycle => describeCycle('imports', cycle)),
    ...findCycles([...folders.values()]).flatMap(cycle => describeCycle('folders', cycle)),
  ]
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
    const wrapped = rules.wrapped[link.specifier]
    if (floor.node && wrapped && !wrapped.by.some(folder => isIn(link.file, folder)))
      return `${place}: ${link.specifier} is imported by ${wrapped.by.join(', ')} only; call ${wrapped.call}`
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

/** An import between two places: files, or the folders that hold them. */
interface Arrow {
  readonly from: string
  readonly to: string
  readonly link: Link
}

/** The arrows of each cycle, once. */
function findCycles(arrows: readonly Arrow[]): readonly (readonly Arrow[])[] {
  const cycles: (readonly Arrow[])[] = []
  const done = new Set<string>()
  const visit = (place: string, way: readonly Arrow[]): void => {
    const start = way.findIndex(({ from }) => from === place)
    if (start >= 0) {
      cycles.push(way.slice(start))
      return
    }
    if (done.has(place)) return
    for (const arrow of arrows.filter(({ from }) => from === place)) visit(arrow.to, [...way, arrow])
    done.add(place)
  }
  for (const { from } of arrows) visit(from, [])
  return cycles
}

function describeCycle(what: string, cycle: readonly Arrow[]): readonly string[] {
  const [first] = cycle
  if (!first) return []
  const names = [...cycle.map(({ from }) => from), first.from].join(' -> ')
  return [`${first.link.file}:${first.link.line}: a cycle of ${what}: ${names}`]
}

function countLoose(files: readonly string[], { fullestFolder }: FloorRules): readonly string[] {
  const counts = new Map<string, number>()
  for (const file of files) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1)
  return [...counts].flatMap(([folder, count]) =>
    count > fullestFolder
      ? [`${folder}: ${count} files lie loose; a folder has at most ${fullestFolder}`]
      : [],
  )
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
