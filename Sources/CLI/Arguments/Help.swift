/// What `rejoinder help` prints.
enum Help {
    static func text(topic: String?) -> String { topic.flatMap { topics[$0] } ?? overview }

    static let overview = """
        Rejoinder answers WhatsApp messages with an AI, and never leaves one unanswered.

        rejoinder up          run all of it on this machine, with a private Redis and Postgres
        rejoinder chat        play a contact in the terminal
        rejoinder queues      what waits, what is under way, and how fast it goes
        rejoinder pause       keep a queue's or a business's jobs waiting
        rejoinder resume      let them go on
        rejoinder handover    take a conversation from the bot, and give it back
        rejoinder broadcast   send one text to many contacts
        rejoinder schedule    what is done every so often, and doing it now
        rejoinder dead        look at dead jobs, replay them, discard them
        rejoinder tools       declare the HTTP calls that a business's AI may make
        rejoinder migrate     create or upgrade the database
        rejoinder config      show the configuration in force, and every variable
        rejoinder doctor      check a deployment: what is wrong, and what to do about it
        rejoinder sign        make signed sample webhooks, as curl lines
        rejoinder health URL  ask a process whether it is ready
        rejoinder help NAME   more about one command
        rejoinder --version

        Settings come from the environment; `rejoinder config` lists them.

        """

    /// How the operator's commands find what they work on.
    private static let system = """
        Works on the Redis of REDIS_URL and the database of DATABASE_URL; where neither is set, on the `rejoinder up`
        that runs on this machine. --data DIR names the folder of that one.

        """

    static let topics: [String: String] = [
        "up": """
        rejoinder up [--data DIR] [--workers N] [--verbose]

        Starts a private Redis and Postgres, a simulator of WhatsApp and the AI, the API, workers and the scheduler,
        and runs until Ctrl-C. Data are kept between runs.

          --data DIR    where everything is kept; default: REJOINDER_DATA, else /var/lib/rejoinder for root and
                        $XDG_DATA_HOME/rejoinder or ~/.local/share/rejoinder for others
          --workers N   worker processes, 1 to 64; default 1
          --verbose     show the logs of all parts here too

        REDIS_URL and DATABASE_URL, when set, are used in place of private servers. The simulator runs unless
        BAILEYS_URL or a variable of Twilio's, Meta's, Evolution's or WAHA's is set. API_PORT is the API's port, 8080 by
        default.

        """,
        "chat": """
        rejoinder chat [--contact DIGITS] [--business ID] [--once TEXT] [--timeout SECONDS]
                       [--data DIR] [--api URL] [--simulator URL]

        Plays a contact: sends what you type to the API as the WhatsApp gateway would, and shows the replies that
        the simulator gets. Finds a running `rejoinder up` by its data folder, else takes the URLs given and
        INTERNAL_SECRET. When the input is not a terminal each line waits for its reply.

          --contact DIGITS    the contact's phone number; default 15550001111
          --business ID       whom to write to; default: the one that `up` made
          --once TEXT         send this alone, and wait for its reply
          --timeout SECONDS   how long to wait for a reply, 1 to 3600; default 90

        Exit status: 0, or 1 when a reply did not come or a message was not taken.

        """,
        "queues": """
        rejoinder queues [--watch] [--interval SECONDS] [--json] [--data DIR]

        Shows each queue: its jobs, the age of the oldest that waits, jobs under way, jobs finished a second over the
        last 10 s, and whether it is paused. Then over all queues: groups delayed, groups in quarantine, dead jobs
        (unknown while the database is down), workers, and paused businesses.

          --watch             again and again until Ctrl-C; on a terminal in place
          --interval SECONDS  between two looks, 1 to 3600; default 2
          --json              one object a line

        The age is that of the oldest job among those next in turn, so that a look costs the same whatever waits.

        \(system)
        """,
        "pause": """
        rejoinder pause (--queue NAME | --business ID) [--json] [--data DIR]

        Keeps the jobs of a queue, or of a business in all queues, waiting. They are still accepted, and those under way
        finish. To pause what is paused changes nothing.

        \(system)
        """,
        "resume": """
        rejoinder resume (--queue NAME | --business ID) [--json] [--data DIR]

        Lets the jobs of a queue or a business go on. What was not paused stays as it is.

        \(system)
        """,
        "handover": """
        rejoinder handover BUSINESS CONTACT [--minutes N | --back] [--json] [--data DIR]
        rejoinder handover list [--business ID] [--json] [--data DIR]

        Takes a conversation from the bot: what the contact writes is stored and not answered, and the AI knows it later.
        CONTACT is the phone number with its country code, or the address that the conversation has, such as 123@lid. list
        shows the conversations that the bot does not have now, also those where a person has typed on the phone.

          --minutes N     give it back by itself after so long, 1 to 525600; else it is until --back
          --back          the bot answers again
          --business ID   list that business's only
          --json          one object a line

        \(system)
        """,
        "schedule": """
        rejoinder schedule list [--json] [--data DIR]
        rejoinder schedule run NAME [--json] [--data DIR]

        list shows the periodic jobs, when each was enqueued last, and when it will be next. run enqueues one now, beside
        its ticks, behind those of its kind that wait.

          --json      one object a line

        \(system)
        """,
        "broadcast": """
        rejoinder broadcast create NAME --business ID (--text TEXT | --text-file FILE) (--contacts FILE | --everybody)
                       [--at TIME] [--provider NAME] [--yes] [--json] [--data DIR]
        rejoinder broadcast list [--business ID] [--limit N] [--json] [--data DIR]
        rejoinder broadcast show NUMBER --business ID [--json] [--data DIR]
        rejoinder broadcast cancel NUMBER --business ID [--json] [--data DIR]

        create sends one text to many contacts, to each once, as fast as the business's `broadcasts_per_minute` says and not
        in its `quiet_hours`. Who has written an opt-out word gets none. The AI knows what a contact was sent.

          --text TEXT        what they get; --text-file FILE: from a file
          --contacts FILE    one phone number a line, with its country code, or an address such as 123@lid; of a table the
                             first column counts, and lines that begin with # do not. - is the standard input
          --everybody        everybody who has a conversation with the business, groups left out
          --at TIME          when to begin: 2026-11-20T17:30Z; default: now
          --provider NAME    through this one alone, else in the business's order
          --yes              do not ask first; needed where there is no terminal

        list shows the latest ones first, 100 unless --limit says otherwise. show tells how far one is, and whom it did not
        reach. cancel ends one: what has not begun to be sent is not sent.

        Exit status: 0, 1 when there is no such business or broadcast, or nobody to send to.

        \(system)
        """,
        "dead": """
        rejoinder dead list [FILTER] [--limit N] [--all] [--json] [--data DIR]
        rejoinder dead show ID [--json] [--data DIR]
        rejoinder dead replay (ID… | FILTER [--limit N] | --every) [--yes] [--json] [--data DIR]
        rejoinder dead discard (ID… | FILTER [--limit N] | --every) [--yes] [--json] [--data DIR]

        list shows the dead jobs that wait, latest first, 100 unless --limit says otherwise; with --all also those that
        were replayed. show tells everything of one, its payload too. replay puts jobs back at the end of their
        conversation; what a contact has got is not sent again, and a message is answered however old it is. discard
        forgets jobs for good.

        FILTER is one or more of
          --queue NAME      --business ID      --name KIND
          --reason TEXT     a part of the reason
          --since TIME      died then or later, --until TIME before that: 2026-11-20, 2026-11-20T17:30Z, or an age
                            such as 30m, 2h, 7d

        To discard, or to replay more than one, is asked for first; --yes answers that, and is needed where there is no
        terminal.

        Exit status: 0, 1 when one of the jobs could not be replayed or discarded.

        \(system)
        """,
        "doctor": """
        rejoinder doctor [--json] [--data DIR]

        Checks a deployment from outside, and says a line for each check: ✓ it is right, ✗ it is wrong and what to do,
        – it could not be asked or is not used. Run it with the environment that the API runs with.

        It looks at the configuration, Redis, Postgres, clocks, the API here and behind PUBLIC_URL, the proof of each
        sender's webhooks (a right one must be taken, a wrong one refused; nothing is put on the queue), Meta's
        verification, the URL that Twilio has for each number, gateways, workers, the scheduler and businesses. A
        secret that stands in a request in clear goes to the API on this machine only, never to PUBLIC_URL.

          --json        one object a line for each check
          --data DIR    the folder of a `rejoinder up`

        Exit status: 0 when nothing is wrong, else 1.

        \(system)
        """,
        "sign": """
        rejoinder sign [baileys|twilio|meta|evolution|waha|all] [--business ID] [--url URL] [--from PHONE]
                       [--text TEXT] [--kind message|status|verify] [--mask] [--json] [--data DIR]

        Makes a sample webhook of a sender, or of all that are open, and prints it as a curl line to paste into a shell.
        Each has a new id and the present time, so that it is taken and answered. The message is as good as a real one:
        the answer goes to the phone of --from.

          --business ID   whom it is for; default: DEFAULT_BUSINESS, else the first business there is
          --url URL       where the API is; default: PUBLIC_URL, else the API on this machine. Twilio's signature is over
                          PUBLIC_URL in any case
          --from PHONE    the contact's number; default 15550001111
          --text TEXT     what the contact writes
          --kind KIND     message; status, which tells that a message was delivered; or verify, Meta's question
          --mask          $INTERNAL_SECRET and the like in place of secrets, for the shell to fill in
          --json          an array of objects with url, headers, body and the curl line

        INTERNAL_SECRET, EVOLUTION_WEBHOOK_SECRET and META_VERIFY_TOKEN stand in the output in clear, because the webhooks
        carry them so; of the others only signatures do. A business's own secrets are read from the database.

        Exit status: 0, or 1 when the sender that was asked for is closed because its secret is not set.

        """,
        "tools": """
        rejoinder tools list --business ID [--json]
        rejoinder tools add NAME --business ID --url URL [--description TEXT] [--method METHOD]
                       [--parameters JSON | --parameters-file FILE] [--headers JSON | --headers-file FILE]
                       [--timeout-ms N] [--json]
        rejoinder tools remove|enable|disable NAME --business ID [--json]
        rejoinder tools test NAME --business ID [--arguments JSON] [--json]

        Tools are HTTP calls that a business lets its AI make while it answers. Workers know of a change at once.

          add                    declares a tool, or replaces the one of that name; it is enabled then
            --url URL            where it is called; a private address needs OUTBOUND_ALLOW_HOSTS
            --description TEXT   what it is for, as the AI is told
            --method METHOD      POST, PUT, PATCH: the arguments are the JSON body; GET, DELETE: they are the query.
                                 Default: POST
            --parameters JSON    JSON schema of its arguments, whose type is "object"; default: it has none
            --headers JSON       headers of each call, an object of texts. They are never shown or logged; a file
                                 keeps them out of the shell's history
            --timeout-ms N       1 to 60000; default 5000
          remove                 forgets it
          enable, disable        whether the AI is told of it
          test                   checks the arguments and calls it from here, as a worker would, also while it is disabled
            --arguments JSON     default: {}

        Exit status: 0, or 1 when there is no such business or tool, or the tested call did not succeed.

        \(system)
        """,
        "bench-enqueue": """
        rejoinder bench-enqueue [--count N] [--conversations N] [--businesses N] [--first N] [--lane NAME]
                                [--payload BYTES] [--rate N | --waiting N]

        Puts jobs that do nothing on the queue of REDIS_URL, for `make bench`, and prints one line of JSON.

          --count N          jobs; default 10000
          --conversations N  they belong to, in turn; default 1000
          --businesses N     the conversations belong to, in turn; default 100
          --first N          the first job's number, from which its conversation follows; default 0
          --lane NAME        default: default
          --payload BYTES    of each job, in the form of a webhook's message, 320 to 60000; default 0, an empty object
          --rate N           jobs a second, at uneven moments; default: as fast as Redis takes them. Needs --payload
          --waiting N        enqueue when fewer wait or are under way, 100 or more

        Exit status: 0 when all were accepted.

        """,
        "bench-claim": """
        rejoinder bench-claim [--count N] [--timeout SECONDS]

        Claims jobs of `bench-enqueue --rate` on the same machine as a worker does, acks each at once, and prints as
        JSON how long they took from sending to here. Ends after --count jobs (1000) or --timeout seconds (60).
        Exit status: 0 when all came and nothing failed.

        """,
        "health": """
        rejoinder health URL

        Asks a process whether it is ready: http://127.0.0.1:8080/health/ready for the API, port 9101 for a worker,
        9102 for the scheduler. For health checks of containers, which have no curl.

        Exit status: 0 when it answers 200 within 2 s, else 1 with the reason on the error output.

        """,
        "migrate": """
        rejoinder migrate [--business ID]

        Creates or upgrades the schema of the database that DATABASE_URL names, and prints what it did. May run at
        any time, also several times at once.

          --business ID    also make this business, unless it is there: a first one to begin with

        """,
        "config": """
        rejoinder config [--json]

        Shows every variable: the value in force (secrets masked), its default and its meaning. Exit status 78 when
        a value is wrong, with all faults on the error output.

        """,
    ]
}
