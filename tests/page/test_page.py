"""The manual's page 6.4.6, typed exactly as printed, as processes on a lab on disk.

The page itself lies beside the project; without it these tests skip. (The shipped runbooks walk the
same way in our own words and are always run.)
"""

import subprocess

import pytest
from conftest import SHARED

PAGE = SHARED / "manual" / "6.4.6-backing-up.txt"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason=f"the manual's page is not beside the project: {PAGE.name}")

TYPED = ("sdx", "fsck", "mount", "chgrp", "umount")


def page_lines():
    return PAGE.read_text().split("\n")


def typed_lines():
    """The page's command lines behind its `# ` prompt, in order, trailing blanks kept."""
    return [line[2:] for line in page_lines() if line.startswith("# ") and line[2:].startswith(TYPED)]


def page_table():
    lines = page_lines()
    at = lines.index("# sdxinfo -S -c System") + 1
    return "".join(line + "\n" for line in lines[at : at + 26])


def page_message():
    lines = page_lines()
    at = next(i for i, line in enumerate(lines) if line.startswith("SDX:sdxproxy: INFO"))
    return "".join(line + "\n" for line in lines[at : at + 3]).replace(" pci@1f", " /pci@1f")


class Typist:
    """Types lines into sh, in the lab's own environment (`eval "$(sdxsim env)"`)."""

    def __init__(self, shell):
        self.shell = shell
        self.environment = shell.done("sdxsim env")

    def types(self, line):
        script = f"{self.environment}\n{line}"
        return subprocess.run(
            ["/bin/sh", "-c", script], env=self.shell.environ, capture_output=True, text=True, timeout=60
        )

    def done(self, line):
        ran = self.types(line)
        assert (ran.returncode, ran.stderr) == (0, ""), (line, ran)
        return ran.stdout


@pytest.fixture
def typist(shell):
    return Typist(shell)


def test_the_page_is_the_one_we_think():
    assert len([line for line in typed_lines() if line.startswith("sdx")]) == 16
    assert page_table().count("\n") == 26
    assert page_message().startswith("SDX:sdxproxy: INFO: completed definitions of alternative boot environment: \n")


def test_every_line_of_the_synchronization_way_exits_0_in_the_pages_order(typist):
    said = {}
    for line in typed_lines():
        if "Update" not in line:
            said[line] = typist.done(line)
    assert said["sdxproxy Root -c System -p Proxy1,Proxy2"] == page_message()
    assert "COPY" in said["sdxinfo -S -c System"]


def test_every_line_of_the_opc_way_exits_0_in_the_pages_order(typist):
    tables = []
    for line in typed_lines():
        if "Rejoin" in line:
            break  # "When using the OPC function, do not rejoin the proxy groups"
        out = typist.done(line)
        if line.startswith("sdxinfo"):
            tables.append(out)
    assert tables[0].count("COPY") == 12


def advance_to(typist, wanted, most=900):
    """Moves the frozen clock on in steps until sdxinfo prints `wanted`."""
    for _ in range(most // 10):
        if typist.done("sdxinfo -S -c System") == wanted:
            return
        typist.done("sdxsim clock advance 10s")
    pytest.fail("the table never appeared")


def test_the_pages_table_appears_after_update_and_then_all_proxies_stop(typist):
    for line in typed_lines():
        if line.startswith("sdxproxy Root"):
            break
        typist.done(line)
    advance_to(typist, page_table())
    advance_to(typist, page_table().replace("COPY", "STOP"))


def test_the_pages_table_appears_after_the_full_rejoin_and_then_all_proxies_stop(typist):
    for line in typed_lines():
        if "Update" in line or line.startswith("sdxinfo"):
            continue
        if "Rejoin" in line:
            assert typist.types("shutdown -y -g0 -i0").returncode == 0
            assert typist.types("boot /pci@1f,4000/scsi@3/disk@2,0:a").returncode == 0
            assert typist.types("shutdown -y -g0 -i0").returncode == 0
            assert typist.types("boot /pci@1f,4000/scsi@3/disk@0,0:a").returncode == 0
            typist.done("sdxvolume -F -c System -v Proot,Pusr,Phome,Pswap,Pvar,Popt")
        typist.done(line)
    advance_to(typist, page_table())
    advance_to(typist, page_table().replace("COPY", "STOP"))


def test_the_page_prints_what_a_boot_that_fails_prints(typist):
    lines = page_lines()
    at = lines.index("Rebooting with command: boot /pci@1f,4000/scsi@3/disk@2,0:a")
    wanted = lines[at : at + 4]
    typist.types("shutdown -y -g0 -i0")
    ran = typist.types("boot /pci@1f,4000/scsi@3/disk@6,0:a")
    assert [line.rstrip() for line in ran.stdout.splitlines()] == [w.replace("disk@2", "disk@6") for w in wanted]
    assert ran.returncode == 1
    assert typist.types("sdxinfo").returncode == 1
    assert typist.types("boot /pci@1f,4000/scsi@3/disk@0,0:a").returncode == 0
    assert typist.types("sdxinfo").returncode == 0
