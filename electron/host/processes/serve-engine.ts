import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import type { EngineService, ServiceClient } from '../service/interface/service.ts'
import type { FromEngine, FromSandbox, ToEngine } from './process-messages.ts'
import type { SecretAnswer } from './secret-messages.ts'

/** Carries requests and events between a service and the messages of its process. */
export function serveEngine(
  service: EngineService,
  send: (message: FromEngine) => void,
  onSandbox: (message: FromSandbox) => void,
  onEnd: (by: InterruptionSignal) => void,
  onSecret: (id: number, answer: SecretAnswer) => void = () => undefined,
): (message: ToEngine) => void {
  const clients = new Map<number, ServiceClient>()
  return message => {
    switch (message.type) {
      case 'open': {
        const { client } = message
        clients.set(
          client,
          service.connect(event => send({ type: 'event', client, event })),
        )
        return
      }
      case 'close':
        clients.get(message.client)?.close()
        clients.delete(message.client)
        return
      case 'request': {
        const { client, id, name, input } = message
        const asked = clients.get(client)?.request(name, input)
        void asked?.then(reply => send({ type: 'reply', client, id, reply }))
        return
      }
      case 'sandbox':
        onSandbox(message.message)
        return
      case 'secret':
        onSecret(message.id, message.answer)
        return
      case 'end':
        onEnd(message.by)
    }
  }
}
