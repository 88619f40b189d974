import { expect, test } from 'vitest'
import {
  asOneHolder,
  ConnectionRoom,
  type RoomLimits,
} from '../../../../electron/adapters/postgres/session/connection-room.ts'
import { joinRoom } from '../../../../electron/adapters/postgres/session/connection-rooms.ts'

const never = new AbortController().signal

function openRoom(limits: Partial<RoomLimits>, giveBackIdle = async () => false): ConnectionRoom {
  const room = new ConnectionRoom()
  room.join({ limits: { most: 4, fewest: 3, spare: 0, ...limits }, giveBackIdle })
  return room
}

/** Whether one is in by now. */
async function isIn(entering: Promise<unknown>): Promise<boolean> {
  const turn = new Promise(resolve => setImmediate(() => resolve('waits')))
  return (await Promise.race([entering.then(() => 'in'), turn])) === 'in'
}

test('lets in no more than it has places for, and keeps the last one for the urgent', async () => {
  const room = openRoom({ most: 4 })
  const leave = []
  for (let place = 0; place < 3; place += 1) leave.push(await room.enter({}, never))
  const ordinary = room.enter({}, never)
  expect(await isIn(ordinary)).toBe(false)
  const urgent = await room.enter({ isUrgent: true }, never)
  const nextUrgent = room.enter({ isUrgent: true }, never)
  expect(await isIn(nextUrgent)).toBe(false)
  leave[0]?.()
  // Giving back twice is giving back once.
  leave[0]?.()
  expect(await isIn(nextUrgent)).toBe(true)
  expect(await isIn(ordinary)).toBe(false)
  urgent()
  expect(await isIn(ordinary)).toBe(false)
  leave[1]?.()
  expect(await isIn(ordinary)).toBe(true)
})

test('lets one who has a place have another where all others wait', async () => {
  const room = openRoom({ most: 3 })
  const work = async (): Promise<void> => {
    const leave = await room.enter({}, never)
    await room.hold(async () => {
      const leaveInner = await room.enter({}, never)
      leaveInner()
    })
    leave()
  }
  const all = Promise.all(Array.from({ length: 20 }, work))
  await expect(all).resolves.toHaveLength(20)
  const inTwo = async (): Promise<void> => {
    const leaves = [await room.enter({ isHeld: true }, never), await room.enter({}, never)]
    for (const leave of leaves) leave()
  }
  await Promise.all(Array.from({ length: 20 }, () => asOneHolder(inTwo)))
  // What is lent, and goes to others afterwards, is no place of one's own.
  await asOneHolder(async () => {
    const leaves = [await room.enter({}, never), await room.enter({}, never)]
    const stop = new AbortController()
    const third = room.enter({}, stop.signal)
    expect(await isIn(third)).toBe(false)
    stop.abort(new Error('stopped'))
    await expect(third).rejects.toBeDefined()
    for (const leave of leaves) leave()
  })
  // Out of it, the same one waits like any other.
  await room.enter({}, never)
  await room.enter({}, never)
  expect(await isIn(room.enter({}, never))).toBe(false)
})

test('lets nobody wait for a place whose signal has come', async () => {
  const room = openRoom({ most: 3 })
  const leave = await room.enter({}, never)
  await room.enter({}, never)
  const stop = new AbortController()
  const stopped = room.enter({}, stop.signal)
  const next = room.enter({}, never)
  stop.abort(new Error('stopped'))
  await expect(stopped).rejects.toMatchObject({ failure: { kind: 'cancelled' } })
  leave()
  expect(await isIn(next)).toBe(true)
  expect(room.isWaitedFor()).toBe(false)
})

test('does with fewer where the server has fewer, never with less than the fewest, and with more again later', async () => {
  const room = openRoom({ most: 8, fewest: 3 })
  room.grant(1)
  const leave = await room.enter({}, never)
  await room.enter({}, never)
  const third = room.enter({}, never)
  expect(await isIn(third)).toBe(false)
  room.grant(4)
  expect(await isIn(third)).toBe(true)
  room.grant(100)
  for (let place = 3; place < 7; place += 1) await room.enter({}, never)
  expect(await isIn(room.enter({}, never))).toBe(false)
  room.shrink()
  leave()
  expect(room.isWaitedFor()).toBe(true)
})

test('asks for what is merely kept when somebody waits', async () => {
  const kept: (() => void)[] = []
  const room = openRoom({ most: 3 }, async () => {
    kept.pop()?.()
    return true
  })
  kept.push(await room.enter({}, never))
  await room.enter({}, never)
  await room.enter({}, never)
  expect(kept).toEqual([])
})

test('is one for all that use a server, with the least that one of them allows', async () => {
  const server = { host: 'here', port: 1 }
  const user = (most: number) => ({
    limits: { most, fewest: 3, spare: 0 },
    giveBackIdle: async () => false,
  })
  const many = joinRoom(server, user(8))
  const few = joinRoom(server, user(4))
  expect(few.room).toBe(many.room)
  const other = joinRoom({ ...server, port: 2 }, user(4))
  expect(other.room).not.toBe(many.room)
  for (let place = 0; place < 3; place += 1) await many.room.enter({}, never)
  const fourth = many.room.enter({}, never)
  expect(await isIn(fourth)).toBe(false)
  few.leave()
  expect(await isIn(fourth)).toBe(true)
  many.leave()
  const later = joinRoom(server, user(4))
  expect(later.room).not.toBe(many.room)
  for (const { leave } of [later, other]) leave()
})
