import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildStandIn } from '../electron-stand-in/build-stand-in.ts'

let built: Promise<string> | null = null

/** The program to start the desktop app with: Electron's own where `LOCKSTEP_ELECTRON` names it, else the stand-in. */
export function findStandIn(): Promise<string> {
  const named = process.env.LOCKSTEP_ELECTRON
  if (named) return Promise.resolve(named)
  built ??= buildStandIn(mkdtempSync(join(tmpdir(), 'lockstep-stand-in-')))
  return built
}
