import Testing

@Suite struct SmokeAPI { @Test func `it builds`() {} }
