import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type EndSignal, watchSignals } from '../../../electron/host/signals/watch-signals.ts'

let heard: string[]
let end: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  heard = []
})

afterEach(() => {
  end()
  vi.useRealTimers()
})

function watch(isPersonThere: boolean): void {
  const note = (name: string) => (signal: EndSignal, hint: string) => {
    heard.push(`${name} ${signal}${hint === '' ? '' : ' told'}`)
  }
  end = watchSignals(
    { onFirst: note('first'), onLater: note('later'), onLeave: () => heard.push('leave') },
    () => isPersonThere,
  )
}

function send(...signals: readonly (readonly [after: number, signal: EndSignal])[]): void {
  for (const [after, signal] of signals) {
    vi.advanceTimersByTime(after)
    process.emit(signal, signal)
  }
}

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('are a wish to end: %s', signal => {
    watch(false)
    send([0, signal])
    expect(heard).toEqual([`first ${signal}`])
  })

  it('that come together are one', () => {
    watch(true)
    send([0, 'SIGINT'], [399, 'SIGINT'], [0, 'SIGTERM'])
    expect(heard).toEqual(['first SIGINT told'])
  })

  it('leave at once when they are two Ctrl-C in two seconds at a terminal that was told so', () => {
    watch(true)
    send([0, 'SIGINT'], [1_999, 'SIGINT'])
    expect(heard).toEqual(['first SIGINT told', 'leave'])
  })

  it('are waited through where nobody was told', () => {
    watch(false)
    send([0, 'SIGINT'], [500, 'SIGINT'], [500, 'SIGINT'])
    expect(heard).toEqual(['first SIGINT', 'later SIGINT', 'later SIGINT'])
  })

  it('that come later than two seconds tell again, and the next one counts from there', () => {
    watch(true)
    send([0, 'SIGINT'], [2_000, 'SIGINT'], [1_000, 'SIGINT'])
    expect(heard).toEqual(['first SIGINT told', 'later SIGINT told', 'leave'])
  })

  it.each<readonly [EndSignal, EndSignal]>([
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGHUP', 'SIGHUP'],
  ])('%s and then %s are waited through, whoever is there', (first, second) => {
    watch(true)
    send([0, first], [1_000, second])
    expect(heard.map(line => line.split(' ')[0])).toEqual(['first', 'later'])
  })

  it('are left to the system afterwards', () => {
    const before = process.listenerCount('SIGHUP')
    watch(true)
    expect(process.listenerCount('SIGHUP')).toBe(before + 1)
    end()
    expect(process.listenerCount('SIGHUP')).toBe(before)
  })
})
