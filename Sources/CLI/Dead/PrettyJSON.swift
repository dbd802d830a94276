/// JSON text in lines. Keys, strings and numbers stay as they are written.
enum PrettyJSON {
    /// - Parameter json: valid JSON.
    static func text(_ json: String) -> String {
        var text = "", depth = 0, isInString = false, isEscaped = false
        var last: Unicode.Scalar?
        func line() -> String { "\n" + String(repeating: "  ", count: depth) }
        for scalar in json.unicodeScalars {
            if isInString {
                text.unicodeScalars.append(scalar)
                if !isEscaped, scalar == "\"" { isInString = false }
                isEscaped = !isEscaped && scalar == "\\"
                last = scalar
                continue
            }
            switch scalar {
            case " ", "\n", "\r", "\t": continue
            case "}", "]":
                depth -= 1
                if last != "{", last != "[" { text += line() }
                text.unicodeScalars.append(scalar)
            default:
                if last == "{" || last == "[" { text += line() }
                text.unicodeScalars.append(scalar)
                switch scalar {
                case "{", "[": depth += 1
                case ",": text += line()
                case ":": text += " "
                case "\"": isInString = true
                default: break
                }
            }
            last = isInString ? nil : scalar
        }
        return text
    }
}
