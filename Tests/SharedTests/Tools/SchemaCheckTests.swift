import Native
import Shared
import TestSupport
import Testing

@Suite("JSON schema", .onLoop)
@LoopActor struct SchemaCheckTests {
    private func problems(_ schema: String, _ value: String) throws -> [String] {
        try JSON.read(Array(schema.utf8)) { (schema) throws(JSONError) in
            try JSON.read(Array(value.utf8)) { SchemaCheck.problems(of: $0, by: schema) }
        }
    }

    nonisolated static let fit: [(String, [String])] = [
        ("{}", ["1", "null", "{}"]), ("true", ["1"]),
        (#"{"type":"integer"}"#, ["1", "1.0", "-5"]), (#"{"type":"number"}"#, ["1", "1.5"]),
        (#"{"type":["string","null"]}"#, [#""a""#, "null"]), (#"{"type":"string","nullable":true}"#, ["null"]),
        (#"{"enum":[1,"a",{"b":[2,3]}]}"#, ["1.0", #""a""#, #"{"b":[2,3]}"#]), (#"{"const":null}"#, ["null"]),
        (#"{"minLength":2,"maxLength":2}"#, [#""👋👋""#, #""éa""#]),
        (#"{"pattern":"^\\d{3}-[\\w]+$"}"#, [#""555-ab""#, "5"]), (#"{"pattern":"\\u0041"}"#, [#""A""#]),
        (#"{"minimum":1,"exclusiveMaximum":3}"#, ["1", "2.9"]),
        (#"{"minimum":1,"exclusiveMinimum":true}"#, ["1.1"]), (#"{"multipleOf":0.01}"#, ["4.02", "100"]),
        (#"{"items":{"type":"string"},"minItems":1,"uniqueItems":true}"#, [#"["a","b"]"#]),
        (#"{"prefixItems":[{"type":"string"}],"items":false}"#, [#"["a"]"#]),
        (#"{"items":[{"type":"string"}],"additionalItems":false}"#, [#"["a"]"#]),
        (#"{"contains":{"const":1}}"#, ["[2,1]"]),
        (#"{"required":["a"],"properties":{"a":{"type":"null"}}}"#, [#"{"a":null}"#, #"{"a":null,"b":1}"#]),
        (#"{"additionalProperties":false,"patternProperties":{"^x-":{}}}"#, [#"{"x-a":1}"#]),
        (#"{"propertyNames":{"maxLength":3}}"#, [#"{"abc":1}"#]),
        (#"{"dependentRequired":{"a":["b"]}}"#, [#"{"b":1}"#]),
        (#"{"anyOf":[{"type":"string"},{"minimum":5}]}"#, [#""a""#, "6"]),
        (#"{"oneOf":[{"minimum":5},{"maximum":6}]}"#, ["9"]),
        (#"{"not":{"const":1}}"#, ["2"]), (#"{"if":{"const":1},"then":false,"else":{"type":"string"}}"#, [#""a""#]),
        (##"{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"string"}}}"##, [#""a""#]),
        (##"{"properties":{"child":{"$ref":"#"},"v":{"type":"integer"}}}"##, [#"{"child":{"child":{"v":1}}}"#]),
        (#"{"format":"date","description":"no promise"}"#, [#""x""#]),
    ]

    @Test(arguments: fit) func `what a schema allows is fit`(schema: String, values: [String]) throws {
        for value in values {
            let found = try problems(schema, value)
            #expect(found == [], "\(value)")
        }
    }

    nonisolated static let unfit: [(String, String, String)] = [
        ("false", "1", "is not allowed"),
        (#"{"type":"object"}"#, "[]", "the arguments must be of type object"),
        (#"{"properties":{"a":{"type":"integer"}}}"#, #"{"a":1.5}"#, "a must be of type integer"),
        (#"{"properties":{"a":{"enum":["x","y"]}}}"#, #"{"a":"z"}"#, #"a must be one of "x", "y""#),
        (#"{"properties":{"a":{"const":1}}}"#, #"{"a":"1"}"#, "a must be the schema's constant"),
        (#"{"properties":{"a":{"minLength":3}}}"#, #"{"a":"👋👋"}"#, "a must have 3 characters or more"),
        (#"{"properties":{"a":{"pattern":"^a$"}}}"#, #"{"a":"a\n"}"#, "a must match the pattern ^a$"),
        (#"{"properties":{"a":{"minimum":1}}}"#, #"{"a":0}"#, "a must be 1.0 or more"),
        (#"{"properties":{"a":{"maximum":1}}}"#, #"{"a":2}"#, "a must be 1.0 at most"),
        (#"{"properties":{"a":{"exclusiveMinimum":1}}}"#, #"{"a":1}"#, "a must be more than 1.0"),
        (#"{"properties":{"a":{"maximum":1,"exclusiveMaximum":true}}}"#, #"{"a":1}"#, "a must be less than 1.0"),
        (#"{"properties":{"a":{"multipleOf":5}}}"#, #"{"a":7}"#, "a must be a multiple of 5.0"),
        (#"{"properties":{"a":{"items":{"type":"string"}}}}"#, #"{"a":["x",2]}"#, "a[1] must be of type string"),
        (#"{"properties":{"a":{"uniqueItems":true}}}"#, #"{"a":[1,2,1.0]}"#, "a must not have an item twice"),
        (#"{"required":["a","b"]}"#, #"{"a":1}"#, "b is required"),
        (#"{"properties":{"o":{"required":["b"]}}}"#, #"{"o":{}}"#, "o.b is required"),
        (#"{"properties":{},"additionalProperties":false}"#, #"{"x":1}"#, "x is not allowed"),
        (#"{"oneOf":[{"minimum":5},{"maximum":6}]}"#, "5", "fits 2 of the forms of which it must have one"),
        (#"{"anyOf":[{"type":"string"}]}"#, "5", "fits none of the forms it may have"),
        (#"{"not":{}}"#, "5", "has a form that it must not have"),
        (#"{"$ref":"https://example.com/schema"}"#, "5", "the tool's schema refers to what is not in it"),
        (
            #"{"unevaluatedProperties":false}"#, "{}",
            "the tool's schema has unevaluatedProperties, which is not checked here"
        ),
        (##"{"not":{"$ref":"#/none"}}"##, "5", "the tool's schema refers to what is not in it"),
        (#"{"pattern":"("}"#, #""a""#, "the tool's schema has a pattern that cannot be read"),
        (#"{"type":"array","items":7}"#, "[1]", "the tool's schema is not a JSON schema"),
    ]

    @Test(arguments: unfit) func `what a schema forbids is told`(schema: String, value: String, problem: String) throws
    {
        let found = try problems(schema, value)
        #expect(found == [problem])
    }

    static let tooMuch = "the arguments, or the tool's schema, are too much to be checked"

    @Test(arguments: [
        ##"{"$ref":"#"}"##, ##"{"allOf":[{"$ref":"#"}]}"##, ##"{"not":{"$ref":"#"}}"##,
        ##"{"$ref":"#/$defs/b","$defs":{"b":{"$ref":"#/$defs/c"},"c":{"$ref":"#/$defs/b"}}}"##,
        ##"{"anyOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]}"##,
    ])
    func `a schema that refers to itself without end is given up`(schema: String) throws {
        let found = try problems(schema, "{}")
        #expect(found == ["the arguments, or the tool's schema, are too much to be checked"])
    }

    @Test func `a list too long to be compared is given up`() throws {
        let list = "[" + (0..<1000).map { "\($0)" }.joined(separator: ",") + "]"
        let found = try problems(#"{"uniqueItems":true}"#, list)
        #expect(found == ["the arguments, or the tool's schema, are too much to be checked"])
    }

    @Test func `a pattern that would be tried without end is given up`() throws {
        let found = try problems(#"{"pattern":"^(a+)+$"}"#, "\"\(String(repeating: "a", count: 60))b\"")
        #expect(found == ["a pattern of the tool's schema takes too long"])
    }

    @Test func `a long text does not exhaust the stack`() throws {
        let found = try problems(#"{"pattern":"^(a|b)*$"}"#, "\"\(String(repeating: "ab", count: 200_000))\"")
        #expect(found == [] || found == ["a pattern of the tool's schema takes too long"])
    }

    @Test(arguments: [
        ("[]", ["it is not an object"]), (#"{"type":"string"}"#, [#"its type is not "object""#]),
        (
            #"{"type":"object","properties":{"a":{"type":"text"}}}"#,
            [
                "#/properties/a/type is not one of array, boolean, integer, null, number, object, string"
            ]
        ),
        (#"{"type":"object","required":"a"}"#, ["#/required is not a list of names"]),
        (
            #"{"type":"object","properties":{"a":{"pattern":"("}}}"#,
            [
                "#/properties/a/pattern cannot be read: missing closing parenthesis"
            ]
        ),
        (
            ##"{"type":"object","properties":{"a":{"$ref":"#/x"}}}"##,
            [
                "#/properties/a/$ref refers to what is not in the schema"
            ]
        ),
        (#"{"type":"object","unevaluatedProperties":false}"#, ["#/unevaluatedProperties is not supported"]),
        (#"{"type":"object","properties":{"a":{"type":["string","null"],"items":[{}]}}}"#, []), ("{}", []),
    ])
    func `a schema's own faults are told before a tool is kept`(schema: String, faults: [String]) throws {
        let found = try JSON.read(Array(schema.utf8)) { SchemaReview.faults(of: $0) }
        #expect(found == faults)
    }
}
