import { Socket } from 'node:net'
import type { DialStream } from '../../adapters/postgres/session/server-settings.ts'

interface Address {
  readonly host: string
  readonly port: number
}

/** Sockets to an address that is looked up again after an attempt that failed: a container that starts again may have moved. */
export function createRelocatingDial(first: Address, locate: () => Promise<Address>): () => DialStream {
  const place = { current: first, isStale: false }
  return () => new RelocatingSocket(place, locate)
}

class RelocatingSocket extends Socket {
  readonly #place: { current: Address; isStale: boolean }
  readonly #locate: () => Promise<Address>

  constructor(place: { current: Address; isStale: boolean }, locate: () => Promise<Address>) {
    super()
    this.#place = place
    this.#locate = locate
    const lose = () => {
      place.isStale = true
    }
    this.once('error', lose)
    this.once('connect', () => this.off('error', lose))
  }

  override connect(): this {
    const place = this.#place
    const begin = () => super.connect(place.current.port, place.current.host)
    if (!place.isStale) return begin()
    this.#locate().then(
      address => {
        place.current = address
        place.isStale = false
        if (!this.destroyed) begin()
      },
      (error: Error) => this.destroy(error),
    )
    return this
  }
}
