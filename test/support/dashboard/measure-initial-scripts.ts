import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Sizes in bytes of everything that the page has to load before it can start. */
export function measureInitialScripts(
  folder: string,
): readonly { readonly name: string; readonly gzipped: number }[] {
  return listInitialScripts(folder).map(name => ({
    name,
    gzipped: gzipSync(readFileSync(join(folder, name))).length,
  }))
}

/** The script of the page and all that it imports before it can start. */
function listInitialScripts(folder: string): readonly string[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const found = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map(match => match[1] ?? '')
  for (let next = 0; next < found.length; next += 1) {
    const name = found[next] ?? ''
    const text = readFileSync(join(folder, name), 'utf8')
    const folderOf = name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : ''
    for (const match of text.matchAll(/(?:^|[;}])import(?:[^"'()]*?from)?["']\.\/([^"']+)["']/g)) {
      const path = `${folderOf}${match[1]}`
      if (!found.includes(path)) found.push(path)
    }
  }
  return found
}
