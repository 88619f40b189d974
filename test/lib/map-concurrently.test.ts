import { describe, expect, it } from 'vitest'
import { mapConcurrently } from '../../electron/lib/map-concurrently.ts'

/** A promise that is resolved from outside. */
function makeGate() {
  let open = (): void => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Lets everything run that can run without waiting for the outside. */
const settle = () => new Promise<void>(resolve => setImmediate(resolve))

describe('mapConcurrently', () => {
  it('keeps the order of the items, whatever ends first', async () => {
    const gates = [makeGate(), makeGate(), makeGate()]
    const mapped = mapConcurrently([0, 1, 2], 3, async index => {
      await gates[index]!.opened
      return index * 10
    })
    for (const gate of gates.toReversed()) gate.open()
    expect(await mapped).toEqual([0, 10, 20])
  })

  it('works on no more items at once than the limit', async () => {
    const gate = makeGate()
    let running = 0
    let most = 0
    const mapped = mapConcurrently([1, 2, 3, 4, 5], 2, async () => {
      running += 1
      most = Math.max(most, running)
      await gate.opened
      running -= 1
    })
    await settle()
    expect(running).toBe(2)
    gate.open()
    await mapped
    expect(most).toBe(2)
  })

  it('waits for what has begun before it throws the first error, and begins nothing more', async () => {
    const slow = makeGate()
    const begun: number[] = []
    const ended: number[] = []
    const mapped = mapConcurrently([1, 2, 3, 4], 2, async item => {
      begun.push(item)
      if (item === 1) throw new Error('the first')
      await slow.opened
      ended.push(item)
      throw new Error('the second')
    })
    let over = false
    const checked = expect(mapped.finally(() => (over = true))).rejects.toThrow('the first')
    await settle()
    expect({ over, begun }).toEqual({ over: false, begun: [1, 2] })
    slow.open()
    await checked
    expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] })
  })

  it('gives nothing for no items', async () => {
    expect(await mapConcurrently([], 4, async item => item)).toEqual([])
  })
})
