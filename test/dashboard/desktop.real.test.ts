import { describeJourneys } from './journeys.ts'

describeJourneys('desktop')
