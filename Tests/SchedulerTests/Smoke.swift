import Testing

@Suite struct SmokeScheduler { @Test func `it builds`() {} }
