import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { type Page, repository, withoutFences } from './read-pages.ts'

/** Links of a page that lead nowhere, as `page:line: target`. Addresses of other sites are not asked. */
export function findBrokenLinks(page: Page): readonly string[] {
  return listLinks(page).flatMap(({ line, target }) => {
    if (/^[a-z]+:/.test(target)) return []
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page.path : posix.join(dirname(page.path), path)
    if (path !== '' && !existsSync(join(repository, file))) return [`${page.path}:${line}: ${target}`]
    if (anchor === undefined || !file.endsWith('.md')) return []
    const text = file === page.path ? page.text : readFileSync(join(repository, file), 'utf8')
    return listAnchors({ path: file, text }).includes(anchor) ? [] : [`${page.path}:${line}: ${target}`]
  })
}

/** Files of the repository that a page links to or shows. */
export function listLinkedFiles(page: Page): readonly string[] {
  return listLinks(page)
    .filter(({ target }) => !/^([a-z]+:|#)/.test(target))
    .map(({ target }) => posix.join(dirname(page.path), target.split('#')[0] ?? ''))
}

function listLinks(page: Page): readonly { readonly line: number; readonly target: string }[] {
  return withoutFences(page)
    .split('\n')
    .flatMap((line, index) =>
      [
        ...line.replaceAll(/(`+).+?\1/g, '').matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:src|href)="([^"]+)"/g),
      ].map(found => ({ line: index + 1, target: found[1] ?? found[2] ?? '' })),
    )
}

/** The anchors that GitHub gives to the headings of a page. */
function listAnchors(page: Page): readonly string[] {
  const seen = new Map<string, number>()
  return [...withoutFences(page).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map(([, heading = '']) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const anchor = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-')
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
}
