// swift-tools-version: 6.2
import PackageDescription

let isFuzzing = Context.environment["FUZZ"] != nil

/// What ships goes without the checks of our own mistakes that tests and fuzz targets run with (docs/decisions/0009).
let shippedSettings: [SwiftSetting] =
    isFuzzing
    ? []
    : [
        .unsafeFlags(
            ["-enforce-exclusivity=unchecked", "-Xfrontend", "-disable-dynamic-actor-isolation"],
            .when(configuration: .release))
    ]

/// Every Swift target: the compiler points at each expression it cannot check for memory safety, and an
/// `async` function runs where its caller runs, so that nothing leaves the loop's thread unasked.
let swiftSettings: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
    ] + shippedSettings

/// What `make fuzz` counts the reached code of: the program that drives it, and what must hold, would only cost time.
let countedSettings: [SwiftSetting] =
    isFuzzing ? [.unsafeFlags(["-sanitize-coverage=edge,inline-8bit-counters,pc-table"])] : []

/// A C library of Debian's: module map and shim only.
func cLibrary(_ name: String, package: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

func executable(_ name: String) -> Target {
    .executableTarget(name: name, dependencies: ["Native", "Shared"], swiftSettings: swiftSettings)
}

func tests(_ name: String, of dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: swiftSettings)
}

let package = Package(
    name: "rejoinder",
    products: [
        .executable(name: "rejoinder-api", targets: ["API"]),
        .executable(name: "rejoinder-worker", targets: ["Worker"]),
        .executable(name: "rejoinder-scheduler", targets: ["Scheduler"]),
        .executable(name: "rejoinder", targets: ["CLI"]),
        .executable(name: "rejoinder-simulator", targets: ["Simulator"]),
    ],
    targets: [
        cLibrary("CUV", package: "libuv1-dev"),
        cLibrary("CMicroHTTPD", package: "libmicrohttpd-dev"),
        // Linked by its module map: hiredis.pc carries a flag that SwiftPM refuses with a warning.
        cLibrary("CHiredis", package: "libhiredis-dev"),
        cLibrary("CLibPQ", package: "libpq-dev", pkgConfig: "libpq"),
        cLibrary("CLibCurl", package: "libcurl4-openssl-dev"),
        cLibrary("CCrypto", package: "libssl-dev"),
        cLibrary("CPCRE2", package: "libpcre2-dev"),
        .target(
            name: "CSimdJSON",
            path: "Sources/C/CSimdJSON",
            cxxSettings: [.define("SIMDJSON_THREADS_ENABLED", to: "1")],
            linkerSettings: [.linkedLibrary("simdjson")]
        ),
        .target(
            name: "Native",
            dependencies: ["CUV", "CMicroHTTPD", "CHiredis", "CLibPQ", "CLibCurl", "CCrypto", "CPCRE2", "CSimdJSON"],
            swiftSettings: swiftSettings + countedSettings
        ),
        .target(
            name: "Shared",
            dependencies: ["Native"],
            resources: [.embedInCode("Queue/Scripts"), .embedInCode("Store/Migrations")],
            swiftSettings: swiftSettings + countedSettings
        ),
        executable("API"),
        .executableTarget(
            name: "Worker", dependencies: ["Native", "Shared"], resources: [.embedInCode("Texts/Shipped")],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "Scheduler", dependencies: ["Native", "Shared"], resources: [.embedInCode("Scripts")],
            swiftSettings: swiftSettings),
        executable("CLI"),
        executable("Simulator"),
        .target(
            name: "TestSupport", dependencies: ["Native", "Shared"], path: "Tests/TestSupport",
            swiftSettings: swiftSettings),
        // What a test of the whole process needs a process of its own for.
        .executableTarget(
            name: "LoopProbe", dependencies: ["Native"], path: "Tests/LoopProbe", swiftSettings: swiftSettings),
        // Our signatures, for `scripts/compare-twilio`.
        .executableTarget(
            name: "SignatureProbe", dependencies: ["Native", "Shared"], path: "Tests/SignatureProbe",
            exclude: ["requirements.txt"], swiftSettings: swiftSettings),
        // The queue's model and the runs that compare the two: a program for `make model` and `make mutants`, and a
        // module for its own tests. Optimised in each build, because a million steps are compared line by line.
        .executableTarget(
            name: "QueueModel", dependencies: ["Native", "Shared", "TestSupport"], path: "Tests/QueueModel",
            resources: [.embedInCode("Scripts")], swiftSettings: swiftSettings + [.unsafeFlags(["-O"])]),
        // What must hold for every input: fed by `make fuzz`, and in the tests with the inputs that were kept.
        .target(
            name: "FuzzAnswers", dependencies: ["Native", "Shared"], path: "Tests/Fuzz/Answers",
            swiftSettings: swiftSettings + countedSettings),
        .target(
            name: "FuzzTargets", dependencies: ["Native", "Shared", "FuzzAnswers"], path: "Tests/Fuzz/Targets",
            swiftSettings: swiftSettings),
        .testTarget(
            name: "FuzzTests", dependencies: ["Native", "FuzzTargets", "TestSupport"], path: "Tests/Fuzz/Tests",
            swiftSettings: swiftSettings),
        tests("NativeTests", of: ["Native", "LoopProbe"]),
        tests("SharedTests", of: ["Native", "Shared", "QueueModel"]),
        tests("APITests", of: ["Native", "Shared", "API"]),
        tests("WorkerTests", of: ["Native", "Shared", "Worker"]),
        tests("SchedulerTests", of: ["Native", "Shared", "Scheduler"]),
        tests("CLITests", of: ["Native", "Shared", "CLI"]),
        tests("SystemTests", of: ["Native", "Shared"]),
        // One suite of the contract over the simulator and the gateway in Node.
        tests("GatewayTests", of: ["Native"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// The program that libFuzzer drives can be built and linked only with its sanitizer: scripts/fuzz.
if isFuzzing {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "Fuzz", dependencies: ["CFuzzer", "Native", "FuzzTargets"], path: "Tests/Fuzz/Program",
            swiftSettings: swiftSettings,
            // gold, which is the default, cannot link what the sanitizer makes.
            linkerSettings: [.unsafeFlags(["-use-ld=lld", "-sanitize=fuzzer"])]),
    ]
}

// The sanitizers look at Native, where all unchecked code is: everything else would only take minutes to build.
if Context.environment["NATIVE_ONLY"] != nil {
    let kept: Set = ["Native", "Shared", "TestSupport", "LoopProbe", "NativeTests"]
    package.products = []
    package.targets.removeAll { $0.type != .system && $0.name != "CSimdJSON" && !kept.contains($0.name) }
}
