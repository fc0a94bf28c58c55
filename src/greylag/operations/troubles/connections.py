"""No connection: nobody answers, nobody is let in, or not to this database."""

from __future__ import annotations

from greylag.operations.troubles.lines import indented
from greylag.operations.troubles.trouble import Scene, Trouble


def _from(scene: Scene) -> str:
    return f" The connection string came from {scene.source}." if scene.source else ""


def _no_database(scene: Scene) -> str | None:
    said = scene.said(r'^database "(.+)" does not exist$')
    if said is None:
        return None
    quoted = (
        said[0] if said[0].isidentifier() and said[0].islower() else '"' + said[0].replace('"', '""') + '"'
    )
    return indented(
        f"Correct the name, or make the database, as a role that may.{_from(scene)} A target without @ is "
        "on the "
        "embedded server, where databases are made by themselves:",
        f"CREATE DATABASE {quoted};",
    )


def _password(scene: Scene) -> str:
    return (
        f"The password is wrong, or not the one of this server.{_from(scene)} Where a secret was rotated, "
        "read it "
        "anew: a pod keeps what it was started with until it is restarted"
    )


def _refused(scene: Scene) -> str | None:
    said = scene.said(r"connection refused by (\S+)")
    if said is None:
        return None
    return (
        f"No server listens at {said[0]}.{_from(scene)} Start it, or the kubectl port-forward that leads to "
        "it; "
        "greylag server start starts the embedded one"
    )


def _unknown_host(scene: Scene) -> str | None:
    said = scene.said(r"no address is known for the host (\S+)")
    if said is None:
        return None
    return (
        f"{said[0]} is not known here.{_from(scene)} A name such as db.namespace.svc is known inside the "
        "cluster "
        "alone: from outside use kubectl port-forward and 127.0.0.1"
    )


def _no_answer(scene: Scene) -> str:
    return (
        f"Something swallows the packets: a firewall, a VPN that is off, a wrong address.{_from(scene)} "
        "connect_timeout in the connection string says how long is waited"
    )


def _no_tls(scene: Scene) -> str:
    return (
        f"The server has no TLS and the connection string asks for it.{_from(scene)} For a server on this "
        "machine "
        "add sslmode=disable; elsewhere turn TLS on in the server"
    )


def _certificate(scene: Scene) -> str:
    return (
        f"The server's certificate is signed by nobody this machine trusts.{_from(scene)} Name the "
        "certificate of "
        "its authority: sslrootcert=/path/ca.crt with sslmode=verify-full"
    )


def _hba(scene: Scene) -> str:
    return (
        "The server's pg_hba.conf has no line that lets this role from this address into this database, or "
        "one "
        f'that refuses it.{_from(scene)} With "no encryption" in the message, sslmode=require may be all it '
        "takes"
    )


TROUBLES = (
    Trouble("3D000", _no_database),
    Trouble("28P01", _password),
    Trouble("28000", _hba, says="pg_hba.conf"),
    Trouble(
        "28000",
        "There is no such role on this server: correct the name in the connection string, or CREATE ROLE … "
        "LOGIN",
        says='^role ".+" does not exist',
    ),
    Trouble("", _refused, says="connection refused by ", page="G021"),
    Trouble("", _unknown_host, says="no address is known for the host ", page="G021"),
    Trouble("", _no_answer, says="no answer from .* in the time given", page="G021"),
    Trouble("", _no_tls, says="server does not support SSL", page="tls"),
    Trouble("", _certificate, says="certificate verify failed", page="tls"),
)
