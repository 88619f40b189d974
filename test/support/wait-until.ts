import { setTimeout as delay } from 'node:timers/promises'

/** Waits for a state by looking at it again and again, and fails with what was waited for. */
export async function waitUntil(
  isReached: () => Promise<boolean> | boolean,
  waitingFor: string,
  seconds = 60,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (!(await isReached())) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${waitingFor}`)
    await delay(20)
  }
}
