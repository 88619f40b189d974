/** The connection from a process to the one that started it. */
export interface ProcessPort {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Told once, when the parent has gone. */
  onClose(listener: () => void): void
  /** Lets go, so that nothing but work keeps this process. */
  close(): void
}

/** What Electron gives to a process that it started. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** Opens the way to the parent: Electron's port where there is one, Node's channel otherwise. */
export function openProcessPort(): ProcessPort {
  const parentPort: unknown = Reflect.get(process, 'parentPort')
  return isParentPort(parentPort) ? wrapParentPort(parentPort) : wrapChannel()
}

function wrapChannel(): ProcessPort {
  return {
    send: message => {
      if (process.connected) process.send?.(message, undefined, {}, () => undefined)
    },
    onMessage: listener => void process.on('message', listener),
    onClose: listener => void process.once('disconnect', listener),
    close: () => {
      if (process.connected) process.disconnect()
    },
  }
}

/** Without a parent, Electron ends such a process at once: there is nothing to be told. */
function wrapParentPort(port: ParentPort): ProcessPort {
  return {
    send: message => port.postMessage(message),
    onMessage: listener => port.on('message', ({ data }) => listener(data)),
    onClose: () => undefined,
    close: () => undefined,
  }
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value
}
