import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file all of it or not at all, and makes it durable; `mode` is who may read it from its first byte on. */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  const temporary = `${file}.${process.pid}.part`
  try {
    // One that was left over has its own mode.
    if (mode !== undefined) await rm(temporary, { force: true })
    const handle = await open(temporary, 'w', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(file))
}

/** Makes a folder's entries durable; a system that cannot do this for folders is let off. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
