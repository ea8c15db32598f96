"""A page process that does what its INDEX_DIR says, within the protocol of page_process.py or not."""

import json
import sys
import time


def main() -> None:
    asked = sys.stdin.readline()
    settings = json.loads(asked)
    told = sys.stdin.readline()
    say({"is_well": True, "metrics": asked + told})
    match settings["index_dir"]:
        case "ends":
            return
        case "silent":
            time.sleep(600)
        case "nonsense":
            print("this is not JSON", flush=True)
            sys.stdin.read()
        case "deaf":  # goes on when its standard input ends
            sys.stdin.read()
            time.sleep(600)
        case "echo":
            for line in sys.stdin:
                if "reload" in line:
                    say({"is_well": False, "metrics": line})


def say(report: dict[str, object]) -> None:
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
