import { mkdir, mkdtemp, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { LockstepError } from '../../../shared/failure.ts'
import { chooseParentFolder } from './choose-parent-folder.ts'
import { giveTo, type ServerUser } from './run-as.ts'

/** Makes the folder of one sandbox where the server's account can enter it. */
export async function createSandboxFolder(user: ServerUser | null): Promise<string> {
  const parent = chooseParentFolder(user)
  if (parent === undefined) {
    throw new LockstepError({
      kind: 'sandbox_failed',
      problem: 'there is no temporary folder that the server could enter',
      fix: 'set TMPDIR to a folder that other users may enter (mode 1777, as /tmp has)',
    })
  }
  const folder = await realpath(await mkdtemp(join(parent, 'lockstep-sandbox-')))
  await mkdir(join(folder, 'logs'))
  await giveTo(user, folder, 0o700)
  return folder
}
