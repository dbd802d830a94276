import Testing
@Suite struct SmokeShared { @Test func `it builds`() {} }
