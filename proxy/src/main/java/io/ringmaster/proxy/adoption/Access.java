package io.ringmaster.proxy.adoption;

import io.ringmaster.proxy.config.Secret;

/**
 * The credentials of a login.
 *
 * @param user its name; empty for the default user
 * @param password its password; empty to log in as nobody
 */
public record Access(String user, Secret password) {}
