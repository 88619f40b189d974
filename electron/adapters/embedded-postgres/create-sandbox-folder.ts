import { randomBytes } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { chooseParentFolder } from './choose-parent-folder.ts'
import { giveTo, type ServerUser } from './run-as.ts'

/** Makes the folder of one sandbox where the server's account can enter it; `note` is told its name before. */
export async function createSandboxFolder(
  user: ServerUser | null,
  note: (folder: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const parent = chooseParentFolder(user)
  if (parent === undefined) {
    throw new LockstepError({
      kind: 'sandbox_failed',
      problem: 'there is no temporary folder that the server could enter',
      fix: 'set TMPDIR to a folder that other users may enter (mode 1777, as /tmp has)',
    })
  }
  const folder = join(await realpath(parent), `lockstep-sandbox-${randomBytes(6).toString('hex')}`)
  await note(folder)
  await mkdir(folder, { mode: 0o700 })
  await mkdir(join(folder, 'logs'))
  await giveTo(user, folder, 0o700)
  return folder
}
