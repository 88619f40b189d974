import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A server's address as somebody in between sees it, who can disturb what goes through. */
export interface TcpProxy {
  readonly port: number
  /** Ends every connection as a router does that has forgotten them. New ones are let through. */
  cut(): void
  /** Lets everything wait for so long; 0 is the usual way. */
  delay(milliseconds: number): void
  /** From here on nothing of what servers answer arrives; what they are told does. */
  swallowAnswers(): void
  /** From here on nothing arrives in either direction, and new connections are taken and never answered. */
  swallowAll(): void
  /** Leads new connections to another server, and ends those that there are. */
  leadTo(port: number): void
  /** Lets through again; connections of which something was lost are ended. */
  heal(): void
  close(): Promise<void>
}

interface Wire {
  readonly client: Socket
  readonly server: Socket
}

/** Listens on a port of its own on loopback, and leads to a server on this machine. The caller must close it. */
export async function openTcpProxy(upstream: number): Promise<TcpProxy> {
  const wires = new Set<Wire>()
  const state = { upstream, delayMs: 0, toServer: true, toClient: true }
  const listener = createServer({ allowHalfOpen: false }, client => {
    const wire: Wire = { client, server: connect(state.upstream, '127.0.0.1') }
    wires.add(wire)
    pass(client, wire.server, () => state.toServer)
    pass(wire.server, client, () => state.toClient)
  })
  const pass = (from: Socket, to: Socket, isOpen: () => boolean): void => {
    from.on('data', chunk => {
      const forward = () => isOpen() && to.writable && to.write(chunk)
      if (state.delayMs > 0) setTimeout(forward, state.delayMs)
      else forward()
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      // What is still on its way arrives before the end does.
      if (isOpen()) setTimeout(() => to.destroy(), state.delayMs)
      for (const wire of wires) if (wire.client.destroyed && wire.server.destroyed) wires.delete(wire)
    })
  }
  const cut = (): void => {
    for (const { client, server } of wires) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    wires.clear()
  }
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    port: address.port,
    cut,
    delay: milliseconds => {
      state.delayMs = milliseconds
    },
    swallowAnswers: () => {
      state.toClient = false
    },
    swallowAll: () => {
      state.toClient = false
      state.toServer = false
    },
    leadTo: port => {
      state.upstream = port
      cut()
    },
    heal: () => {
      const hasLost = !state.toClient || !state.toServer
      Object.assign(state, { delayMs: 0, toServer: true, toClient: true })
      if (hasLost) cut()
    },
    close: async () => {
      cut()
      listener.close()
      await once(listener, 'close')
    },
  }
}
