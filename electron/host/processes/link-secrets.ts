import { otherPlaces, type SecretStorage } from '../service/interface/secret-storage.ts'
import type { SecretAnswer, SecretAsk } from './secret-messages.ts'

/** The storage of passwords as the engine's process knows it: asked for through the shell, which has it. */
export function linkSecrets(
  ask: (id: number, asked: SecretAsk) => void,
): SecretStorage & { onMessage(id: number, answer: SecretAnswer): void } {
  const waiting = new Map<number, (answer: SecretAnswer) => void>()
  let numbers = 0
  const request = (asked: SecretAsk): Promise<SecretAnswer> => {
    numbers += 1
    const id = numbers
    return new Promise(resolve => {
      waiting.set(id, resolve)
      ask(id, asked)
    })
  }
  const change = async (asked: SecretAsk): Promise<void> => {
    const { answer } = await request(asked)
    if (answer !== 'done') throw new Error('the passwords of this machine could not be changed')
  }
  return {
    onMessage(id, answer) {
      waiting.get(id)?.(answer)
      waiting.delete(id)
    },
    async state() {
      const answer = await request({ ask: 'state' })
      return answer.answer === 'state' ? answer.state : unknownState
    },
    async read(projectFile) {
      const answer = await request({ ask: 'read', projectFile })
      return answer.answer === 'read' ? answer.recalled : []
    },
    write: (place, password) => change({ ask: 'write', place, password }),
    forget: (projectFile, server) => change({ ask: 'forget', projectFile, server }),
  }
}

const unknownState = {
  storage: 'unavailable',
  why: `the password manager of this machine does not answer: ${otherPlaces}`,
} as const
