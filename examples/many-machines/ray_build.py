"""Builds a site in parts on a Ray cluster: `python ray_build.py --site DIR --meet PLACE --parts N`.

Every machine must have `backfile` (its path with --program), the same site folder, and must reach the exchange folder: a
folder, or an address such as s3://bucket/prefix. A part whose machine fails runs again on another one: each step
writes the same bytes wherever and however often it runs.

    pip install ray
    ray start --head                      # on one machine
    ray start --address HEAD:6379         # on each of the others
    python ray_build.py --address auto --site /srv/site --meet /srv/meet --parts 64
"""

import argparse
import os
import subprocess

import ray


@ray.remote(num_cpus=1, max_retries=5)
def step(program: str, site: str, meet: str, *arguments: str) -> str:
    """One step of one part; what it says at the end. A process that fails is an error, and never run again."""
    command = [program, "build", *arguments, "--site", site, "--meet", meet, "--json", "--quiet"]
    # Ray gives a task one processor, and the program would take all of them.
    environment = os.environ | {"RAYON_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    # Status 1: done, and some articles have problems.
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def build(program: str, site: str, meet: str, parts: int) -> str:
    """All four steps; what the last one says."""
    shards = [f"{number}/{parts}" for number in range(1, parts + 1)]
    ray.get([step.remote(program, site, meet, "--shard", shard) for shard in shards])
    ray.get(step.remote(program, site, meet, "--merge"))
    ray.get([step.remote(program, site, meet, "--shard", shard, "--render") for shard in shards])
    return ray.get(step.remote(program, site, meet, "--finish"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", required=True, help="the site's folder, the same on every machine")
    parser.add_argument("--meet", required=True, help="the exchange folder or address")
    parser.add_argument("--parts", type=int, default=16, help="the number of parts")
    parser.add_argument("--program", default="backfile", help="the program on every machine")
    parser.add_argument("--address", help="the cluster's address; by default a new one on this machine")
    arguments = parser.parse_args()
    ray.init(address=arguments.address, log_to_driver=False)
    print(build(arguments.program, arguments.site, arguments.meet, arguments.parts), end="")


if __name__ == "__main__":
    main()
