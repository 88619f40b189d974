import type { BlockArm } from '../../ports/sql-parser.ts'

interface OpenFork<State> {
  readonly fork: number
  arm: number
  readonly before: State
  /** What the ways before this one led to. */
  readonly ends: State[]
}

/** Follows the ways through a block: each begins with what held before, and what they led to is put together behind them. */
export class ForkFollower<State> {
  readonly #open: OpenFork<State>[] = []
  readonly #copy: (state: State) => State
  readonly #join: (before: State, ends: readonly State[]) => State

  constructor(copy: (state: State) => State, join: (before: State, ends: readonly State[]) => State) {
    this.#copy = copy
    this.#join = join
  }

  /** Goes on to a place, and gives what holds there. */
  reach(path: readonly BlockArm[], now: State): State {
    let state = this.#leave(path, now)
    for (const { fork, arm } of path.slice(this.#open.length)) {
      this.#open.push({ fork, arm, before: state, ends: [] })
      state = this.#copy(state)
    }
    return state
  }

  #leave(path: readonly BlockArm[], now: State): State {
    const parting = this.#open.findIndex(
      (open, depth) => open.fork !== path[depth]?.fork || open.arm !== path[depth]?.arm,
    )
    let state = now
    while (parting >= 0 && this.#open.length > parting) {
      const last = this.#open.at(-1)
      const next = path[this.#open.length - 1]
      if (!last) break
      if (this.#open.length === parting + 1 && next?.fork === last.fork) {
        last.ends.push(state)
        last.arm = next.arm
        return this.#copy(last.before)
      }
      this.#open.pop()
      state = this.#join(last.before, [...last.ends, state])
    }
    return state
  }
}
