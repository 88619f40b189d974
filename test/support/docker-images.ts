import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appImage } from './docker-app-image.ts'
import { type ImageRecipe, postgresImage } from './docker-postgres-image.ts'
import { runCommand } from './run-command.ts'

/** What the tests' containers are made of. */
export const testImages = { postgres: postgresImage, app: appImage } as const

const keyLabel = 'lockstep.test.key'

/** Makes sure that an engine has the tests' images: built once per machine, kept as archives, imported where they are missing. */
export async function provideTestImages(host: string): Promise<void> {
  await Promise.all(Object.values(testImages).map(recipe => provideImage(host, recipe)))
}

async function provideImage(host: string, recipe: ImageRecipe): Promise<void> {
  const key = keyOf(recipe)
  const label = `{{index .Config.Labels "${keyLabel}"}}`
  const there = await runCommand('docker', ['-H', host, 'image', 'inspect', '-f', label, recipe.name]).catch(
    () => '',
  )
  if (there.trim() === key) return
  const archive = await buildArchive(recipe, key)
  const changes = [...recipe.changes, `LABEL ${keyLabel}=${key}`].flatMap(change => ['-c', change])
  await runCommand('docker', ['-H', host, 'import', ...changes, archive, recipe.name], { seconds: 300 })
}

/** The archive in the user's cache; made beside it and renamed, so that a half-made one is never used. */
async function buildArchive(recipe: ImageRecipe, key: string): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || tmpdir(), 'lockstep-tests')
  const archive = join(cache, `${recipe.name}-${key}.tar`)
  if (existsSync(archive)) return archive
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'lockstep-image-'))
  try {
    const root = join(work, 'root')
    mkdirSync(root)
    await recipe.build(root, work)
    const half = `${archive}.${randomBytes(6).toString('hex')}`
    try {
      await runCommand('tar', ['-c', '--numeric-owner', '-C', root, '-f', half, '.'], { seconds: 300 })
      renameSync(half, archive)
    } finally {
      rmSync(half, { force: true })
    }
    return archive
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Changes with what goes in by name or by content; newer packages of the same name do not make an image again. */
function keyOf(recipe: ImageRecipe): string {
  const hash = createHash('sha256').update(JSON.stringify([recipe.ingredients, recipe.changes, process.arch]))
  for (const file of ['/etc/debian_version', ...recipe.files])
    hash.update(existsSync(file) ? readFileSync(file) : '')
  return hash.digest('hex').slice(0, 12)
}
