import Testing

@Suite struct SmokeWorker { @Test func `it builds`() {} }
