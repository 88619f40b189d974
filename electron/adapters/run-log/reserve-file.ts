import { open, rm, stat } from 'node:fs/promises'

/** Room for the last few hundred events of a run and its report. */
const reserveBytes = 256 * 1024

/**
 * Takes disk space that `releaseReserve` gives back when the disk is full.
 * Random-looking bytes, really written: a sparse or compressed file would keep nothing free.
 */
export async function takeReserve(file: string, makeBytes: (size: number) => Uint8Array): Promise<void> {
  const handle = await open(file, 'w')
  try {
    await handle.writeFile(makeBytes(reserveBytes))
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** Gives the space back; false when there was none to give. */
export async function releaseReserve(file: string): Promise<boolean> {
  const existed = await stat(file).then(
    () => true,
    () => false,
  )
  await rm(file, { force: true })
  return existed
}
