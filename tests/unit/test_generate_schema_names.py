"""The names that the emulator reads are those of a schema document."""

from __future__ import annotations

from tools.generate_schema_names import read_names

CSDL = b"""<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" Alias="graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="thing"><Property Name="id" Type="Edm.String"/></EntityType>
<EntityType Name="box" BaseType="graph.thing"><Property Name="size" Type="Edm.Int32"/>
<NavigationProperty Name="things" Type="Collection(graph.thing)"/></EntityType>
<Function Name="biggest" IsBound="true"><Parameter Name="boxes" Type="Collection(graph.box)"/>
<ReturnType Type="microsoft.graph.box"/></Function>
<Action Name="open" IsBound="true"><Parameter Name="box" Type="graph.box"/></Action>
<Action Name="unbound"/>
<EntityContainer Name="Service"><EntitySet Name="boxes" EntityType="microsoft.graph.box"/>
<Singleton Name="mine" Type="microsoft.graph.box"/></EntityContainer></Schema>
<Schema Namespace="microsoft.graph.more" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="crate" BaseType="graph.box"/></Schema></edmx:DataServices></edmx:Edmx>"""


def test_read_names() -> None:
    """Sets, types with their bases, relationships and properties, and what is called on them."""
    assert read_names(CSDL) == {
        "roots": {"boxes": "box*", "mine": "box"},
        "types": {
            "thing": {"base": "", "relationships": {}, "properties": "id"},
            "box": {"base": "thing", "relationships": {"things": "thing*"}, "properties": "size"},
            "more.crate": {"base": "box", "relationships": {}, "properties": ""},
        },
        "operations": {"box*": {"biggest": "box"}, "box": {"open": ""}},
    }
