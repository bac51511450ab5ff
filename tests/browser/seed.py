"""Seed a migrated database with the people of the browser's tests: run with its address and their password."""

import asyncio
import sys

from argon2 import PasswordHasher

import make
from authz.grant import Grant
from models import database
from models.vocabulary import Role


async def seed(url: str, password: str) -> None:
    """An owner, a team lead and a user of one account; the lead has a seat in another one too."""
    async with database.connected(url):
        secret = {"password_hash": PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)}
        owner = await make.user("Olga Owner", email="olga@example.com", **secret)
        lead_user = await make.user("ليلى القائدة", email="leila@example.com", **secret)
        technician = await make.user("Timo Technician", email="timo@example.com", **secret)

        school = await make.account(owner, name="Aurora School", teams_on=True, tax_number="11222333000181")
        support = await make.profile(school, "SUPPORT", name="Support")
        technical = await make.profile(school, "TECHNICAL", name="Technical")
        lead = await make.collaborator(school, support, Role.TEAM_LEAD, lead_user)
        member = await make.collaborator(school, support)
        await make.collaborator(school, technical, Role.USER, technician)
        await make.team(school, [member], [lead])
        await make.sale(school, reference="HP-NOBODYS", buyer_name="Berta Buyer")
        await make.sale(school, assignee=member, reference="HP-MEMBERS", buyer_name="خالد المشتري")
        await make.sale(school, reference="HP-ANOTHER", buyer_name="Bruno Buyer")

        academy = await make.account(name="أكاديمية النور")
        shelf = await make.profile(academy, [Grant.VIEW_PRODUCTS], name="Shelf")
        await make.collaborator(academy, shelf, Role.USER, lead_user)
        await make.product(academy, name="Calligraphy")


asyncio.run(seed(*sys.argv[1:]))
