#!/bin/sh
# on_cluster.sh SOURCE_ROOT COMMAND... : runs a command with the kubeconfig of a cluster of its own in K8SC_TEST_KUBECONFIG.
# Answers 77 (skipped) where there is no real API server to be had.
set -u
root=$1
shift
if [ -z "${K8SC_APISERVER_DIR:-}" ]; then
    if ! K8SC_APISERVER_DIR=$(env -u LD_PRELOAD "$root/tools/kube-apiserver"); then
        echo "*** NO REAL API SERVER: this test was not run. ***" >&2
        if [ "${CI:-}" = true ] || [ "${K8SC_REQUIRE_APISERVER:-}" = 1 ]; then exit 1; fi
        exit 77
    fi
    export K8SC_APISERVER_DIR
fi
dir=$(mktemp -d) || exit 1
trap 'env -u LD_PRELOAD "$root/tests/server/cluster" clean "$dir/cluster"; rmdir "$dir"' EXIT
trap 'exit 1' HUP INT TERM
K8SC_TEST_KUBECONFIG=$(env -u LD_PRELOAD "$root/tests/server/cluster" start "$dir/cluster") || exit 1
export K8SC_TEST_KUBECONFIG
"$@"
