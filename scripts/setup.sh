# Sourced by the other scripts: installs what is missing on Debian 12. With everything in place it needs
# neither the network nor root.

project_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$project_dir"

build_packages=(gcc libc6-dev cmake ninja-build pkg-config libgsl-dev libconfig-dev libjansson-dev
    libarchive-dev libexpat1-dev nettle-dev librandom123-dev libglpk-dev libxlsxwriter-dev libsqlite3-dev libjs-chart.js)
test_packages=(libcmocka-dev python3 git)
# The workbook is recalculated by LibreOffice; one that is there already is not replaced by the one without windows.
if ! command -v soffice >/dev/null; then
    test_packages+=(libreoffice-calc-nogui)
fi

missing_packages() {
    local package
    for package in "$@"; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
            printf '%s\n' "$package"
        fi
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "these packages are missing, and installing them needs root or sudo: ${missing[*]}" >&2
        exit 1
    fi
}

install_packages() {
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" -eq 0 ]; then
        return
    fi
    if ! command -v apt-get >/dev/null; then
        echo "this script installs packages on Debian; elsewhere install what corresponds to: ${missing[*]}" >&2
        exit 1
    fi
    echo "installing: ${missing[*]}" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# configure_and_build PRESET [TARGET...]: quiet where it goes well, everything where it does not.
configure_and_build() {
    local preset=$1 log
    shift
    log=$(mktemp)
    if ! cmake --preset "$preset" >"$log" 2>&1 ||
        ! cmake --build "build/$preset" --parallel "$(nproc)" ${1:+--target "$@"} >>"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "the $preset build failed" >&2
        exit 1
    fi
    rm -f "$log"
}

# A Slurm of one node and MPI for the tests of many machines; where they cannot be had, ctest says that it skipped them.
install_machines() {
    if ! (install_packages slurmctld slurmd slurm-client munge); then
        echo "the test with Slurm is skipped: its packages could not be installed" >&2
    fi
    if ! (install_packages libopenmpi-dev openmpi-bin); then
        echo "the test with MPI is skipped: its packages could not be installed" >&2
    fi
}

# What the page tests look through: Debian's Chromium, a node with npm, and two packages of npm at the versions of
# tests/page/package.json, below build/. Where they cannot be had it says why, and ctest says that it skipped them.
install_page_tools() {
    local packages=(chromium) folder=build/page-packages attempt
    # A node and npm from elsewhere will do, and do not go together with Debian's.
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then packages+=(nodejs npm); fi
    if ! (install_packages "${packages[@]}"); then
        echo "page tests in a browser are skipped: these packages could not be installed: ${packages[*]}" >&2
        return 0
    fi
    if [ -d "$folder/node_modules/axe-core" ] && cmp -s tests/page/package.json "$folder/package.json"; then
        return 0
    fi
    rm -rf "$folder"
    mkdir -p "$folder"
    cp tests/page/package.json "$folder/"
    for attempt in 1 2; do
        if npm install --silent --no-fund --no-audit --no-package-lock --ignore-scripts --prefix "$folder" >&2; then
            return 0
        fi
        echo "npm could not install the packages of tests/page/package.json (attempt $attempt of 2)" >&2
    done
    rm -rf "$folder"
    echo "page tests in a browser are skipped: npm has no way to its registry" >&2
}
