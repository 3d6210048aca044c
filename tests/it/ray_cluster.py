"""Runs examples/many-machines/ray_build.py on a cluster of two machines, and kills one half way."""

import sys
import threading
import time
from pathlib import Path

examples, program, site, meet = sys.argv[1:]
sys.path.insert(0, examples)

import ray
import ray_build
from ray.cluster_utils import Cluster

PARTS = 16

cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
machines = [cluster.add_node(num_cpus=1) for _ in range(2)]
cluster.wait_for_nodes()
ray.init(address=cluster.address, log_to_driver=False)


def kill_one_half_way():
    while len(list(Path(meet).glob("cards-*-of-*"))) < PARTS // 2:
        time.sleep(0.005)
    cluster.remove_node(machines[0], allow_graceful=False)
    print("killed one of 2 machines when", len(list(Path(meet).glob("cards-*"))), "of", PARTS, "parts were read")


killer = threading.Thread(target=kill_one_half_way, daemon=True)
killer.start()
print(ray_build.build(program, site, meet, PARTS))
killer.join(timeout=60)
ray.shutdown()
cluster.shutdown()
