import Testing

@Suite struct SmokeSystem { @Test func `it builds`() {} }
