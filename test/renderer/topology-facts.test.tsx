// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { ServiceFacts } from '../../renderer/screens/topology/facts/service-facts.tsx'
import { sampleService } from '../support/dashboard/sample-topology.ts'

afterEach(cleanup)

function readFacts(): Readonly<Record<string, string | null>> {
  const names = [...document.querySelectorAll('dt')]
  return Object.fromEntries(names.map(name => [name.textContent, name.nextElementSibling!.textContent]))
}

describe('the facts of a service', () => {
  it('are its image with digest, restarts, ports and health as the daemon gave them', () => {
    render(<ServiceFacts service={sampleService('db', 'postgres', 'unhealthy')} isObserved={true} />)
    expect(readFacts()).toMatchObject({
      Image: 'postgres:18',
      'Image digest': `sha256:${'4f6c1d0e'.repeat(8)}`,
      Restarts: '3',
      Ports: '5432 on 127.0.0.1:54320',
      Health: 'unhealthy',
    })
  })

  it('say that the digest is unknown where the daemon gave none', () => {
    const service = sampleService('db', 'postgres')
    render(
      <ServiceFacts
        service={{ ...service, container: { ...service.container!, imageId: null } }}
        isObserved={true}
      />,
    )
    expect(readFacts()['Image digest']).toBe('unknown')
  })

  it('offer the command for its logs, and nothing of a container that is not there', async () => {
    const { rerender } = render(<ServiceFacts service={sampleService('app')} isObserved={true} />)
    let copied = ''
    const writeText = async (text: string) => {
      copied = text
    }
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
    fireEvent.click(screen.getByRole('button', { name: 'Copy docker logs command' }))
    await screen.findByText('Copied')
    expect(copied).toBe('docker logs --timestamps --tail 500 demo-shop-app-1')
    rerender(<ServiceFacts service={sampleService('app', 'other', 'none')} isObserved={true} />)
    expect(screen.queryByRole('button')).toBeNull()
    expect(readFacts()).not.toHaveProperty('Restarts')
  })

  it('say what the service depends on', () => {
    const service = sampleService('app', 'other', 'healthy', ['db', 'pgbouncer'])
    render(<ServiceFacts service={service} isObserved={true} />)
    expect(readFacts()['Depends on']).toBe('db, pgbouncer')
  })
})
