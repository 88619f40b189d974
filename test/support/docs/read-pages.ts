import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A page of the documentation. */
export interface Page {
  /** Relative to the repository. */
  readonly path: string
  readonly text: string
}

/** A fenced block of a page. */
export interface Fence {
  readonly page: string
  /** The line of its first line of text. */
  readonly line: number
  /** Such as `yaml`; empty where the page does not say. */
  readonly language: string
  readonly text: string
}

/** The folder of the repository. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** Every page that a user or a contributor reads. */
export function readPages(): readonly Page[] {
  const inFolders = ['docs', 'examples'].flatMap(folder =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.md'))
      .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
      .sort(),
  )
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...inFolders].map(path => ({
    path,
    text: readFileSync(join(repository, path), 'utf8'),
  }))
}

/** The fenced blocks of a page. */
export function listFences({ path, text }: Page): readonly Fence[] {
  const fences: Fence[] = []
  let open: { readonly mark: string; readonly language: string; readonly start: number } | null = null
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const found = /^\s*(`{3,})(\w*)/.exec(line)
    if (open === null && found) open = { mark: found[1] ?? '', language: found[2] ?? '', start: index + 1 }
    else if (open !== null && line.trim() === open.mark) {
      const inside = lines.slice(open.start, index).join('\n')
      fences.push({ page: path, line: open.start + 1, language: open.language, text: inside })
      open = null
    }
  }
  if (open !== null) throw new Error(`${path}:${open.start}: this block has no end`)
  return fences
}

/** The text of a page with its fenced blocks left out, line by line as it was. */
export function withoutFences({ text }: Page): string {
  let isInside = false
  return text
    .split('\n')
    .map(line => {
      const isBorder = /^\s*`{3,}/.test(line)
      const isLeftOut = isInside || isBorder
      if (isBorder) isInside = !isInside
      return isLeftOut ? '' : line
    })
    .join('\n')
}

/** Every piece of code within the prose of a page, and the line where it stands. */
export function listInlineCode(page: Page): readonly { readonly line: number; readonly text: string }[] {
  return withoutFences(page)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/(`+)(.+?)\1(?!`)/g)].map(found => ({
        line: index + 1,
        text: (found[2] ?? '').trim().replaceAll('\\|', '|'),
      })),
    )
}
