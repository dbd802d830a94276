import Foundation

/// A line on standard output, at once: a log that is no terminal shows it too.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
