import { expect } from 'vitest'
import type { Fleet } from './with-fleet.ts'

/** `lockstep run --yes` on a measured fleet, as its owner; anything but exit 0 is an error. */
export async function migrateFleet(fleet: Fleet): Promise<void> {
  const { exitCode, stdout, stderr } = await fleet.home.run(['run', '--yes'], {
    folder: fleet.folder,
    environment: { LOCKSTEP_STATE_DIR: undefined, FLEET_PASSWORD: fleet.owner.password },
    deadlineSeconds: 1_800,
  })
  if (process.env.LOCKSTEP_BENCH_VERBOSE) process.stderr.write(`${stderr}\n${stdout}\n`)
  expect(exitCode, `${stderr}\n${stdout}`).toBe(0)
}
