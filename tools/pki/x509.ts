// The library's container of parts needs the metadata before it is loaded.
import "reflect-metadata";
export * from "@peculiar/x509";
