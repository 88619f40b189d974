import { EventEmitter } from 'node:events'

/** What a utility process has in place of `process.send`: loaded before its own code. */
class ParentPort extends EventEmitter {
  readonly #send = process.send?.bind(process)

  postMessage(message: unknown): void {
    this.#send?.(message)
  }
}

const parentPort = new ParentPort()
// What came before there was a listener is kept for the first listener, as Electron does; Node keeps it likewise.
parentPort.once('newListener', () => {
  setImmediate(() => {
    process.on('message', data => {
      parentPort.emit('message', { data, ports: [] })
    })
  })
})
// A utility process ends with the application.
process.on('disconnect', () => process.exit(0))
Object.defineProperty(process, 'send', { value: undefined })
Object.defineProperty(process, 'parentPort', { value: parentPort })
